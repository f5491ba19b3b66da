import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from proms.instruments import documents, formats, library
from proms.instruments.schema import schema
from proms.models import Instrument, InstrumentVersion, Licence
from surveys.library import printing
from tests.factories import wording_of


def run(*arguments):
    out = io.StringIO()
    call_command("instrument", *arguments, stdout=out)
    return out.getvalue()


def test_the_schema_is_printed_as_json():
    assert json.loads(run("schema")) == json.loads(json.dumps(schema()))


def test_a_sound_definition_is_summed_up(tmp_path):
    file = tmp_path / "phq.json"
    file.write_text(json.dumps(documents.write(library.get("phq-9"))))

    assert run("check", str(file)) == "phq-9 1.0: 9 items, 1 scales\n"


def test_an_unsound_definition_is_refused_by_path_and_cure(tmp_path):
    file = tmp_path / "phq.json"
    document = documents.write(library.get("phq-9"))
    document["scales"][0]["items"].append("PHQ10")
    file.write_text(json.dumps(document))

    with pytest.raises(CommandError, match=r"\$\.scales\[0\]\.items\[9\]: there is no item PHQ10"):
        run("check", str(file))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run("check", str(tmp_path / "none.json"))


@pytest.fixture
def wording(tmp_path):
    file = tmp_path / "wording.csv"
    file.write_bytes(wording_of("eq5d-5l"))
    return file


@pytest.mark.parametrize("form", formats.READABLE)
def test_what_is_exported_is_read_again(tmp_path, form):
    file = tmp_path / "file"
    run("export", "recovery-example", "--format", form, "--out", str(file))

    said = run("import", str(file), "--format", form, "--check")
    assert said.startswith("recovery-example 1")
    assert "8 items" in said


def test_what_a_format_cannot_hold_is_told(tmp_path, capsys):
    run("export", "eq5d-5l", "--format", "redcap", "--out", str(tmp_path / "file"))

    assert "scales: left out" in capsys.readouterr().err


@pytest.mark.django_db
def test_an_instrument_of_ones_own_is_stored(tmp_path):
    file = tmp_path / "visit.csv"
    file.write_text('kod;fråga;svarsalternativ\nQ1;Hur mår du?;"Bra\nDåligt"\n')

    said = run(
        "import", str(file), "--format", "csv", "--code", "visit", "--name", "Besöket",
        "--wording", "own", "--holder", "Kliniken",
    )  # fmt: skip

    stored = InstrumentVersion.objects.get(instrument__code="visit")
    assert (said, stored.is_demonstration) == ("visit 1: 1 items, 0 scales\n", False)


@pytest.mark.django_db
def test_licensed_words_are_stored(wording):
    said = run("import-text", "EQ-5D-5L", "sv", str(wording), "--licence", "EQ 1")

    stored = InstrumentVersion.objects.get()
    assert said == (f"EQ-5D-5L 1.0-1 (sv, self): licence EQ 1, SHA-256 {stored.sha256}\n")
    assert (stored.licence_reference, stored.licence_until) == ("EQ 1", None)


@pytest.mark.django_db
def test_mode_last_day_and_scope_are_kept(wording):
    run(
        "import-text", "eq5d-5l", "sv", str(wording), "--licence", "EQ 1",
        "--until", "2027-12-31", "--mode", "proxy1", "--covers", "wording",
    )  # fmt: skip

    licence = Licence.objects.get()
    assert (licence.mode, licence.scope, str(licence.until)) == ("proxy1", "wording", "2027-12-31")


@pytest.mark.django_db
def test_bad_words_are_refused_whole_by_line_and_column(wording):
    wording.write_bytes(wording.read_bytes() + b"\nXX,,,a\nMO,,,twice\n")

    with pytest.raises(CommandError) as refused:
        run("import-text", "eq5d-5l", "sv", str(wording), "--licence", "EQ 1")

    assert "line 35, column 1: there is no item XX" in str(refused.value)
    assert "line 36, column 1: item MO stands twice" in str(refused.value)
    assert not Instrument.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["prem", "sv"], "are our own"),
        (["sf-99", "sv"], "There is no instrument sf-99"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_licensed_is_told(wording, arguments, told):
    with pytest.raises(CommandError, match=told):
        run("import-text", *arguments, str(wording), "--licence", "EQ 1")


@pytest.mark.django_db
def test_a_language_without_words_has_no_screens(tmp_path):
    with pytest.raises(CommandError, match="has no text in fi"):
        run("screens", "eq5d-5l", "fi", "--out", str(tmp_path / "screens.pdf"))


@pytest.mark.django_db
def test_without_a_browser_it_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(CommandError, match="apt-get install chromium"):
        run("screens", "eq5d-5l", "sv", "--out", str(tmp_path / "screens.pdf"))


@pytest.mark.django_db
def test_the_screens_are_those_of_the_words_under_review(tmp_path, monkeypatch, wording):
    taken = []

    def pdf(screens, **told):
        taken.extend(screens)
        return b"%PDF"

    monkeypatch.setattr(printing, "pdf", pdf)

    said = run(
        "screens", "EQ-5D-5L", "sv", "--out", str(tmp_path / "s.pdf"), "--text", str(wording)
    )

    assert "6 screens, phone and desktop" in said
    assert "official MO" in taken[0].html
    assert taken[0].html.startswith("<!doctype html>")
    assert not InstrumentVersion.objects.exists()
