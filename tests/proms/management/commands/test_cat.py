import csv
import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from proms.instruments import library

ITEMS = [item.code for item in library.get("promis-anxiety").items]
HEADER = ",".join(["id", *ITEMS])
# The test of one real person as the TestDesign engine gives it (posterior mean and SD, MPWI).
PERSON = "7," + ",".join("1" if item not in {"EDANX51", "EDANX48"} else "2" for item in ITEMS)
TRAJECTORY = [
    ("EDANX53", "1", -0.8417805554, 0.6708013429),
    ("EDANX54", "1", -1.1315852418, 0.5953774257),
    ("EDANX30", "1", -1.2787523843, 0.5648636660),
    ("EDANX12", "1", -1.3901546859, 0.5477815719),
    ("EDANX51", "2", -0.9836619400, 0.3826626525),
    ("EDANX48", "2", -0.7140557269, 0.2966319573),
]
# Reference figures that are not part of the repository; see the skip's reason.
SHARED = Path(__file__).parents[5] / "shared" / "facts" / "trajectories"


@pytest.fixture
def run(monkeypatch):
    """Run the command over some text; return its status, output and errors."""

    def run(content, *arguments, bank="promis-anxiety"):
        out, errors, status = io.StringIO(), io.StringIO(), None
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
        try:
            call_command("cat", bank, *arguments, stdout=out, stderr=errors, no_color=True)
        except SystemExit as end:
            status = end.code
        return status, out.getvalue(), errors.getvalue()

    return run


def test_patterns_in_are_the_steps_of_tests_out(run):
    status, out, errors = run(f"{HEADER}\n{PERSON}\n", "--answers", "-")

    steps = list(csv.DictReader(io.StringIO(out)))
    assert (status, errors) == (None, "")
    assert [(s["id"], s["step"]) for s in steps] == [("7", str(n)) for n in range(1, 7)]
    assert [(s["item"], s["answer"]) for s in steps] == [step[:2] for step in TRAJECTORY]
    for step, expected in zip(steps, TRAJECTORY, strict=True):
        assert (float(step["theta"]), float(step["se"])) == pytest.approx(expected[2:], abs=1e-9)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no reference figures beside the repository")
def test_a_hundred_people_take_the_tests_of_an_independent_engine(run):
    expected = (SHARED / "promis-anxiety-mpwi.csv").read_text()

    _, out, _ = run("", "--answers", str(SHARED / "promis-anxiety-responses.csv"))

    found, wanted = (list(csv.DictReader(io.StringIO(text))) for text in (out, expected))
    assert [(s["id"], s["step"], s["item"]) for s in found] == [
        (s["respondent"], s["step"], s["item"]) for s in wanted
    ]
    for name in ("theta", "se"):
        assert [float(s[name]) for s in found] == pytest.approx(
            [float(s[name]) for s in wanted], abs=1e-9
        )


def test_bad_rows_are_told_on_stderr_and_good_ones_still_come_out(run):
    bad = PERSON.replace("7,1", "8,6", 1)

    status, out, errors = run(f"{HEADER}\n{bad}\n{PERSON}\n")

    assert status == 1
    assert errors.startswith("line 2, column EDANX01: '6' is none of the options 1, 2, 3, 4, 5")
    assert {step["id"] for step in csv.DictReader(io.StringIO(out))} == {"7"}


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        (["--rule", "recommended"], 6),
        (["--rule", "screen-to-cat"], 1),
        (["--rule", "paediatric"], 5),
        (["--max", "4"], 4),
        (["--se", "0", "--max", "29"], 29),
        (["--min", "8"], 8),
        (["--grid", "-4.5:4.5:0.1", "--language", "sv"], 6),
    ],
)
def test_options_change_where_the_test_stops(run, arguments, steps):
    _, out, _ = run(f"{HEADER}\n{PERSON}\n", *arguments)

    assert len(out.splitlines()) - 1 == steps


@pytest.mark.parametrize("select", ["mpwi", "mfi", "mepv", "mepv-plugin"])
def test_every_criterion_can_be_chosen(run, select):
    _, out, _ = run(f"{HEADER}\n{PERSON}\n", "--select", select, "--max", "5")

    assert len(out.splitlines()) in {5, 6}


def test_one_who_skips_everything_is_asked_the_maximum_and_keeps_the_prior(run):
    _, out, _ = run(f"{HEADER}\n7{',' * len(ITEMS)}\n")

    steps = list(csv.DictReader(io.StringIO(out)))
    assert len(steps) == 12
    assert {(s["answer"], s["theta"]) for s in steps} == {("", "0.000000000000")}


def test_an_empty_file_and_a_header_without_the_items_are_refused_before_anything_is_written(run):
    for content, problem in [("", "line 1: the file is empty"), ("id,x\n", "column EDANX01")]:
        with pytest.raises(CommandError, match=problem):
            run(content)


def test_a_file_that_is_not_there_is_refused(run):
    with pytest.raises(CommandError, match="no-such-file"):
        run("", "--answers", "no-such-file.csv")


def test_people_without_rows_give_the_header_only(run):
    assert run(f"{HEADER}\n") == (None, "id,step,item,answer,theta,se\n", "")
