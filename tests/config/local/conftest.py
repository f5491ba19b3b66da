import shutil
import uuid

import pytest

from config.local import account
from config.local.servers import ROOT


@pytest.fixture
def cluster_folder():
    """A folder that PostgreSQL's account can reach, under the clone."""
    folder = ROOT / ".local" / "test" / f"cluster-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    dropped = account.needed()
    if dropped:
        shutil.rmtree(dropped.home(folder / "postgres"), ignore_errors=True)
