import io
import itertools
import tracemalloc
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from proms import access
from proms.models import AccessEvent, Consent, Event, Patient
from surveys import importing
from surveys.importing import RowResult, UnreadableFile
from surveys.models import Enrolment
from tests.factories import NOW, make_client, make_number, make_survey_version, make_unit

pytestmark = pytest.mark.django_db
BY = access.command_actor("import-events")
HEADER = "event_id,survey,person_id,unit,event,date"


@pytest.fixture
def version():
    return make_survey_version()


@pytest.fixture
def client(version):
    return make_client(register=version.survey.register, name="file")


@pytest.fixture
def row(version):
    """A good row, with the number of its person."""
    unit = make_unit().hsa_id
    return lambda n, **fields: ",".join(
        str(value)
        for value in (
            {
                "event_id": f"op-{n}",
                "survey": version.survey.code,
                "person_id": make_number(n),
                "unit": unit,
                "event": "surgery",
                "date": "2026-10-25",
            }
            | fields
        ).values()
    )


def load(client, *lines, encoding="utf-8", end="\n"):
    file = io.BytesIO(end.join(lines).encode(encoding))
    return list(importing.import_events(file, sender_of=lambda _: client, by=BY, now=NOW))


def outcomes(results):
    return [(each.line, each.outcome) for each in results]


def test_each_row_is_taken_as_an_event(client, row):
    results = load(client, HEADER, row(1), row(2))

    assert outcomes(results) == [(2, "enrolled"), (3, "enrolled")]
    assert Enrolment.objects.count() == 2


def test_a_second_run_changes_nothing(client, row):
    lines = [HEADER, row(1), row(2)]
    load(client, *lines)
    rows = Enrolment.objects.count(), Event.objects.count(), Patient.objects.count()

    results = load(client, *lines)

    assert outcomes(results) == [(2, "known"), (3, "known")]
    assert (Enrolment.objects.count(), Event.objects.count(), Patient.objects.count()) == rows


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8-sig", "\n"), ("utf-8", "\r\n"), ("utf-8-sig", "\r\n")]
)
def test_files_as_spreadsheets_write_them_are_read(client, row, encoding, end):
    results = load(client, HEADER, row(1), "", encoding=encoding, end=end)

    assert outcomes(results) == [(2, "enrolled")]


def test_columns_may_stand_in_any_order_and_quotes(client, row):
    header = ",".join(reversed(HEADER.split(",")))
    cells = ",".join(f'" {cell} "' for cell in reversed(row(1).split(",")))

    assert outcomes(load(client, header, cells)) == [(2, "enrolled")]


def test_a_quoted_cell_may_hold_commas_quotes_and_lines(client, row):
    cells = '"Ek, ""Vera""","Storgatan 1\n111 22 Fjärden"'

    results = load(client, f"{HEADER},name,address", f"{row(1)},{cells}", row(2) + ",,")

    assert outcomes(results) == [(3, "enrolled"), (4, "enrolled")]
    patient = Enrolment.objects.get(sender_event_id="op-1").patient
    assert patient.name == 'Ek, "Vera"'
    assert patient.address == {"lines": "Storgatan 1\n111 22 Fjärden"}


def test_everything_that_the_api_takes_can_be_told_in_a_file(client, row):
    header = (
        f"{HEADER},email,phone,language,prefers,consent_channel,consent_source,consent_on,"
        "informed_how,informed_on,informed_version,attribute_side,person_id_type"
    )
    told = "v@example.org,070-123 45 67,en,paper,email,form,2026-10-01,letter,2026-10-02,3,left,"

    results = load(client, header, f"{row(1)},{told}")

    assert outcomes(results) == [(2, "enrolled")]
    enrolment = Enrolment.objects.get()
    assert (enrolment.attributes, enrolment.informed_how) == ({"side": "left"}, "letter")
    assert enrolment.informed_on == date(2026, 10, 2)
    assert enrolment.patient.email == "v@example.org"
    assert Consent.objects.get().given_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([""], "empty"),
        (["\n\n"], "empty"),
        ([",,,"], "empty"),
        (["event_id,survey,unit,event,date"], "lacks the columns person_id"),
        ([f"{HEADER},nickname"], "columns nickname are not known"),
        ([f"{HEADER},date"], "columns date stand twice"),
        ([HEADER.replace(",", ";")], "separate them by commas"),
        (['"event_id'], "not CSV"),
    ],
)
def test_a_file_with_another_form_is_refused_as_a_whole(client, lines, why):
    with pytest.raises(UnreadableFile, match=why):
        load(client, *lines)


def test_latin_1_is_refused_by_its_line(client, row):
    lines = [f"{HEADER},name", f"{row(1)},Ek", f"{row(2)},Åsa"]

    with pytest.raises(UnreadableFile, match="Line 3 is not UTF-8: save the file as CSV UTF-8"):
        load(client, *lines, encoding="latin-1")


def test_latin_1_far_into_a_file_is_refused_by_its_line(client):
    lines = [HEADER, *["a,b"] * 5000, "Åsa"]

    with pytest.raises(UnreadableFile, match="Line 5002 is"):
        load(client, *lines, encoding="latin-1")


def test_utf_16_is_refused(client, row):
    with pytest.raises(UnreadableFile, match="not UTF-8"):
        load(client, HEADER, row(1), encoding="utf-16")


def test_rows_before_an_unreadable_place_stay_taken(client, row):
    file = io.BytesIO(f'{HEADER}\n{row(1)}\n"a"b,c\n'.encode())
    taken = importing.import_events(file, sender_of=lambda _: client, by=BY, now=NOW)
    assert next(taken).outcome == "enrolled"

    with pytest.raises(UnreadableFile, match="Line 3"):
        next(taken)
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "column", "cure"),
    [
        ({"survey": "nowhere"}, "survey", "no published survey nowhere"),
        ({"survey": ""}, "survey", "required"),
        ({"person_id": "198001022387"}, "person_id", "check digit"),
        ({"unit": "SE-NOWHERE"}, "unit", "No unit"),
        ({"event": "birth"}, "event", "counts from surgery"),
        ({"date": "1850-01-01"}, "date", "too early"),
        ({"date": "2028-10-26"}, "date", "years ahead"),
        ({"date": "25/10/2026"}, "date", "YYYY-MM-DD"),
        ({"event_id": ""}, "event_id", "Give an event_id"),
    ],
)
def test_a_bad_row_is_told_with_column_and_cure_and_the_others_are_taken(
    client, row, fields, column, cure
):
    first, second = load(client, HEADER, row(1, **fields), row(2))

    assert (first.line, first.outcome, first.column) == (2, "refused", column)
    assert cure in first.cure
    assert second == RowResult(3, "enrolled")
    assert (Enrolment.objects.count(), Patient.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("column", "cell", "cure"),
    [
        ("email", "no", "valid email"),
        ("consent_channel", "email", "required"),
        ("informed_how", "letter", "required"),
        ("attribute_knee", "left", "does not declare"),
        ("prefers", "pigeon", "not a valid choice"),
    ],
)
def test_a_bad_cell_beside_the_six_is_told_by_its_own_column(client, row, column, cell, cure):
    (result,) = load(client, f"{HEADER},{column}", f"{row(1)},{cell}")

    assert result.outcome == "refused"
    assert result.column.partition("_")[0] == column.partition("_")[0]
    assert cure in result.cure
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("cells", ["a,b", "a,b,c,d,e,f,g"])
def test_a_row_with_another_number_of_cells_is_refused(client, row, cells):
    first, second = load(client, HEADER, cells, row(1))

    assert (first.outcome, first.column) == ("refused", "")
    assert f"{len(cells.split(','))} cells, the first line 6" in first.cure
    assert second.outcome == "enrolled"


def test_the_same_event_twice_in_a_file_is_refused_by_its_line(client, row):
    first, second = load(client, HEADER, row(1), row(1, event_id="twin"))

    assert (first.outcome, second.outcome, second.column) == ("enrolled", "refused", "event_id")
    assert "op-1" in second.cure


def test_a_long_file_is_read_as_a_stream(client):
    file = io.BufferedReader(Rows(80_000))
    tracemalloc.start()

    refused = sum(
        1 for _ in importing.import_events(file, sender_of=lambda _: client, by=BY, now=NOW)
    )

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused == 80_000
    assert peak < 1_000_000


class Rows(io.RawIOBase):
    """A file of bad rows, which are made as they are read and never held together."""

    def __init__(self, rows):
        self.lines = itertools.chain([f"{HEADER}\n".encode()], itertools.repeat(b"a,b,c,d\n", rows))

    def readable(self):
        return True

    def readinto(self, buffer):
        line = next(self.lines, b"")
        buffer[: len(line)] = line
        return len(line)


def test_the_command_reports_and_ends_badly_where_rows_were_refused(
    client, row, tmp_path, capsys, version
):
    file = tmp_path / "events.csv"
    file.write_text(f"{HEADER}\n{row(1)}\n{row(2, date='no')}\n")

    with pytest.raises(SystemExit) as end:
        call_command("import-events", str(file))

    told = capsys.readouterr()
    assert end.value.code == 1
    assert told.out == "1 enrolled, 0 known, 1 refused\n"
    assert told.err.startswith("line 3, column date: ")


@pytest.mark.parametrize(("name", "why"), [("missing.csv", "No such file"), ("empty.csv", "empty")])
def test_the_command_says_in_a_line_what_is_wrong(tmp_path, name, why):
    (tmp_path / "empty.csv").touch()

    with pytest.raises(CommandError, match=why):
        call_command("import-events", str(tmp_path / name))


def test_a_survey_whose_register_sends_no_files_is_refused(row, tmp_path, capsys):
    file = tmp_path / "events.csv"
    file.write_text(f"{HEADER}\n{row(1)}\n")

    with pytest.raises(SystemExit):
        call_command("import-events", str(file))

    assert capsys.readouterr().err.startswith("line 2, column survey: ")


def test_new_events_are_taken_many_at_once(client, row, django_assert_max_num_queries):
    lines = [HEADER, *(row(n) for n in range(1, 61))]

    with django_assert_max_num_queries(40):
        results = load(client, *lines)

    assert {each.outcome for each in results} == {"enrolled"}
    assert Enrolment.objects.count() == 60


def test_an_event_that_stands_twice_in_a_file_is_taken_once(client, row):
    results = load(client, HEADER, row(1), row(1), row(1, event_id="other"))

    assert outcomes(results) == [(2, "enrolled"), (3, "known"), (4, "refused")]
    assert (results[2].column, Enrolment.objects.count()) == ("event_id", 1)


def test_columns_may_be_named_as_the_api_names_them(client, row):
    header = f"{HEADER},contact.email,contact_name,consents.channel,consent_source,consents_on"

    results = load(client, header, f"{row(1)},vera@example.org,Vera,email,kallelse,2026-10-01")

    assert outcomes(results) == [(2, "enrolled")]
    assert Consent.objects.get().patient.email == "vera@example.org"


def test_of_a_file_that_is_not_utf_8_nothing_is_taken(client, row):
    lines = [HEADER, *(row(n) for n in range(1, 3)), row(3, event_id="höft-3")]

    with pytest.raises(UnreadableFile, match="Line 4"):
        load(client, *lines, encoding="latin-1")

    assert not Enrolment.objects.exists()


def test_an_import_is_logged_with_everyone_in_it(client, row):
    load(client, HEADER, row(1), row(2), row(3, date="no"))

    logged = AccessEvent.objects.get()
    assert (logged.actor, logged.actor_name, logged.activity) == (
        "command",
        "import-events",
        "write",
    )
    assert logged.register_name == client.register.name
    subjects = set(logged.patients.values_list("subject_id", flat=True))
    assert subjects == set(Patient.objects.values_list("pk", flat=True))
