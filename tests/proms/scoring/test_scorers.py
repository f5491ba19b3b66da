import subprocess
import sys

from proms.instruments.documents import members, tag
from proms.instruments.rules import Rule
from proms.scoring.scorers import SCORERS, scorer

HEAVY = ("numpy", "jsonschema", "openpyxl", "fhir", "pydantic", "django")


def test_every_kind_of_rule_has_a_scorer():
    assert set(SCORERS) == {tag(kind) for kind in members(Rule)}
    assert all(callable(scorer(kind)) for kind in SCORERS)


def test_importing_scoring_imports_nothing_heavy():
    loaded = f"[name for name in {HEAVY} if name in sys.modules]"
    program = f"import proms.scoring.score, sys; print({loaded})"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout.strip() == "[]", done.stderr
