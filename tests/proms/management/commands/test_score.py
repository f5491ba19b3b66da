import io
import sys

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def run(monkeypatch):
    """Run the command over some bytes; return its status, output and errors."""

    def run(content, *arguments):
        out, errors, status = io.StringIO(), io.StringIO(), None
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        try:
            call_command("score", *arguments, stdout=out, stderr=errors, no_color=True)
        except SystemExit as end:
            status = end.code
        return status, out.getvalue(), errors.getvalue()

    return run


def test_answers_in_are_scores_out(run):
    status, out, errors = run(b"id,state\n7,11111\n", "EQ5D-5L")

    assert (status, errors) == (None, "")
    assert out == "id,state,profile,lss,lfs,index,vas\n7,11111,11111,5,50000,0.9755,\n"


def test_bad_rows_are_told_on_stderr_and_end_in_status_1(run):
    status, out, errors = run(b"id,state\n1,11119\n2,11111\n", "eq5d-5l")

    assert status == 1
    assert errors.startswith("line 2, column state: ")
    assert out.splitlines()[1].startswith("2,11111")


def test_a_disputed_set_is_marked(run):
    _, out, errors = run(b"state\n11111\n", "eq5d-5l", "--value-set", "5l-germany-vt")

    assert out.splitlines()[0].endswith(",index,vas")
    assert errors.startswith("Note: 5l-germany-vt is disputed: ")


def test_the_list_names_instruments_and_value_sets_with_doi_and_mark(run):
    _, out, _ = run(b"", "--list")

    lines = {line.split("\t")[0]: line for line in out.splitlines()}
    assert "promis-anxiety-4a" in lines
    assert "10.1007/s40273-020-00905-7" in lines["5l-sweden-2020-vt"]
    assert "derived" in lines["5l-to-3l-sweden-tto"]
    assert "disputed" in lines["5l-germany-vt"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["sf-99"], "There is no instrument sf-99"),
        ([], "There is no instrument"),
        (["eq5d-5l", "--value-set", "3l-uk-tto"], "is for EQ-5D-3L, not EQ-5D-5L"),
        (["phq-9", "--value-set", "5l-uk-vt"], "has no index"),
        (["eq5d-5l", "--language", "fi"], "has no language fi"),
        (["eq5d-5l"], "line 1: the file is empty"),
    ],
)
def test_what_cannot_be_scored_is_refused_in_one_line(run, arguments, problem):
    with pytest.raises(CommandError, match=problem):
        run(b"", *arguments)
