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
    dropped = account.needed()
    outside = dropped.home(folder / "postgres") if dropped else folder
    yield folder
    shutil.rmtree(outside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
