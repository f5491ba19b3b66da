import csv
import io

import pytest
from django.core.management import CommandError, call_command

from proms.instruments import library

BANK = "synthetic-function"
ITEMS = [item.code for item in library.get(BANK).items]


def run(*arguments):
    """Run the command; return its rows and its errors."""
    out, errors = io.StringIO(), io.StringIO()
    call_command("simulate-cat", BANK, *arguments, stdout=out, stderr=errors, no_color=True)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), errors.getvalue()


def figure(rows, method, name):
    (found,) = [
        float(row["value"])
        for row in rows
        if (row["table"], row["method"], row["figure"]) == ("summary", method, name)
    ]
    return found


@pytest.fixture
def patterns(tmp_path):
    """Write a file of full patterns; the last person skipped an item."""

    def write(*people):
        lines = [",".join(["id", *ITEMS])]
        lines += [",".join([str(number), *answers]) for number, answers in enumerate(people)]
        path = tmp_path / "answers.csv"
        path.write_text("\n".join(lines))
        return str(path)

    return write


def test_rules_forms_and_the_bank_are_compared():
    rows, _ = run("-n", "200", "--rule", "standard", "--rule", "recommended")

    methods = dict.fromkeys(row["method"] for row in rows)
    assert list(methods) == ["standard", "recommended", "6a", "3a", "full-bank"]
    assert figure(rows, "full-bank", "rmse") < figure(rows, "3a", "rmse")
    assert figure(rows, "recommended", "items") <= figure(rows, "standard", "items") < 12


def test_all_named_rules_are_compared_where_none_is_named():
    rows, _ = run("-n", "20")

    assert {"standard", "recommended", "screen-to-cat", "paediatric"} < {r["method"] for r in rows}


def test_the_same_seed_gives_the_same_figures():
    assert run("-n", "50", "--seed", "5") == run("-n", "50", "--seed", "5")
    assert run("-n", "50", "--seed", "5") != run("-n", "50", "--seed", "6")


def test_real_patterns_are_held_against_the_whole_bank(patterns):
    file = patterns(["3"] * 30, ["2"] * 30, ["4"] * 29 + [""])

    rows, errors = run("--responses", file, "--rule", "standard")

    assert figure(rows, "standard", "people") == 2
    assert figure(rows, "full-bank", "rmse") == 0
    assert errors == "Note: left out 1 of 3 people, who skipped an item.\n"


def test_a_folder_gets_tables_and_plots(tmp_path):
    out = io.StringIO()

    call_command("simulate-cat", BANK, "-n", "50", "--out", tmp_path / "study", stdout=out)

    names = {path.name for path in (tmp_path / "study").iterdir()}
    assert {"summary.csv", "bands.csv", "items.csv", "bias.svg", "information.svg"} <= names
    assert "6 tables and their plots" in out.getvalue()


def test_a_bar_shows_how_far_it_is_when_somebody_looks():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()

    call_command(
        "simulate-cat",
        BANK,
        "-n",
        "1500",
        "--rule",
        "standard",
        stdout=io.StringIO(),
        stderr=terminal,
    )

    assert "1,000 of 1,500 tests" in terminal.getvalue()
    assert f"[{'#' * 40}] 1,500 of 1,500 tests" in terminal.getvalue()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["-n", "0"], "-n is 1 to 1,000,000"),
        (["--sd", "-1"], "--sd is not below 0"),
        (["--responses", "no-such-file.csv"], "no-such-file.csv"),
        (["--out", "/dev/null/x"], "/dev/null/x"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arguments, problem):
    with pytest.raises(CommandError, match=problem):
        run("-n", "20", *arguments) if "-n" not in arguments else run(*arguments)


def test_a_bad_row_ends_the_study_with_its_place(patterns):
    with pytest.raises(CommandError, match="line 2, column SYN01: '9'"):
        run("--responses", patterns(["9"] * 30))


def test_a_file_where_nobody_answered_everything_is_refused(patterns):
    with pytest.raises(CommandError, match="Nobody in the file"):
        run("--responses", patterns([""] * 30))
