import csv
import hashlib
import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from fhir.resources.R4B import get_fhir_model_class

from proms import licensing
from proms.adaptive import session
from proms.adaptive.session import Ask
from proms.adaptive.stopping import NAMED
from proms.fhir import terms
from proms.instruments import library
from proms.instruments.fhir import extensions
from proms.licensing import Grant
from proms.models import AccessEvent, Instrument, InstrumentVersion, Licence, Mode
from proms.scoring import banks
from tests.factories import NOW, make_client, wording_of

pytestmark = pytest.mark.django_db
TOKEN = "secret-of-the-form-filler"
BANK = "promis-anxiety"
NEXT = "/fhir/Questionnaire/$next-question"
# Reference people: how each answers the item at a place in the bank; None: skips it.
PEOPLE = {
    "healthy": lambda place: "1",
    "in the middle": lambda place: "3",
    "severe": lambda place: "5",
    "mixed": lambda place: str(place * 7 % 5 + 1),
    "skips some": lambda place: None if place % 3 == 0 else str(place % 5 + 1),
    "skips all": lambda place: None,
}


@pytest.fixture(autouse=True)
def _sender(settings):
    settings.ALLOW_DEMONSTRATION_WORDING = True
    make_client(token_hash=hashlib.sha256(TOKEN.encode()).hexdigest())
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def canonical(settings):
    return f"{settings.SITE_URL}/fhir/Questionnaire/{BANK}"


@pytest.fixture
def begun(canonical):
    return beginning(canonical)


def beginning(canonical, **fields):
    given = {"resourceType": "QuestionnaireResponse", "status": "in-progress"}
    return given | {"questionnaire": canonical} | fields


def post(body, *, to=NEXT, token=TOKEN, **options):
    headers = {"Authorization": f"Token {token}"} if token else {}
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    content_type = options.pop("content_type", "application/fhir+json")
    return Client().post(to, data, content_type=content_type, headers=headers, **options)


def get(address):
    return Client().get(address, headers={"Authorization": f"Token {TOKEN}"})


def valid(response, status=200):
    """The resource in a response, which is what it says and valid R4B."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"].startswith("application/fhir+json")
    resource = response.json()
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    return resource


def refused(response, status):
    """The first issue of an outcome: where, and what."""
    outcome = valid(response, status)
    assert outcome["resourceType"] == "OperationOutcome"
    (issue,) = outcome["issue"]
    return issue.get("expression", [""])[0], issue["diagnostics"]


def questionnaire_of(resource):
    (held,) = [e for e in resource["contained"] if e["resourceType"] == "Questionnaire"]
    return held


def asked(resource):
    """The question that comes now."""
    return questionnaire_of(resource)["item"][-1]["linkId"]


def item(code, answer):
    return {"linkId": code} | ({"answer": [{"valueCoding": {"code": answer}}]} if answer else {})


def with_answer(resource, code, answer):
    """The response as a client sends it on, one answer given or changed."""
    others = [each for each in resource.get("item", []) if each["linkId"] != code]
    return resource | {"item": [*others, item(code, answer)]}


def places():
    return {each.code: place for place, each in enumerate(library.get(BANK).items)}


def taken(resource, answer_of):
    """The test answered to its end, each answer in a request of its own."""
    resource = valid(post(resource))
    while resource["status"] == "in-progress":
        code = asked(resource)
        resource = valid(post(with_answer(resource, code, answer_of(places()[code]))))
    return resource


def steps(resource):
    """What the response says of each step: item, answer, theta, se."""
    return [
        (
            part["linkId"],
            part.get("answer", [{}])[0].get("valueCoding", {}).get("code"),
            *(e["valueDecimal"] for e in next(extensions.of(part, terms.ESTIMATE))["extension"]),
        )
        for part in resource.get("item", [])
        if list(extensions.of(part, terms.ESTIMATE))
    ]


def scores(resource):
    return {
        part["linkId"].removeprefix(terms.OURS): next(iter(part["answer"][0].values()))
        for part in resource["item"]
        if terms.is_ours(part["linkId"])
    }


def near(found, expected):
    """Whether two walks have the same items and answers, and estimates within 1e-9."""
    assert [row[:2] for row in found] == [tuple(row[:2]) for row in expected]
    figures = [[float(figure) for figure in row[2:]] for row in expected]
    assert [list(row[2:]) for row in found] == [pytest.approx(row, abs=2e-9) for row in figures]


@pytest.mark.parametrize("answer_of", PEOPLE.values(), ids=PEOPLE)
def test_a_whole_test_is_the_one_that_the_session_makes(begun, answer_of):
    bank, rules = banks.bank(library.get(BANK), "sv"), banks.rules(library.get(BANK))
    answers = {code: answer_of(place) for code, place in places().items()}
    path = session.replay(bank, answers, rules)

    done = taken(begun, answer_of)

    near(steps(done), path.steps)
    found, score = scores(done), path.next.score
    assert found["theta"] == pytest.approx(score.theta, abs=2e-9)
    assert (found["set"], found["stop"]) == (bank.set_id, path.next.why)
    assert found.get("t") == (score.t and pytest.approx(score.t, abs=2e-9))
    assert found.get("se") == (score.se_t and pytest.approx(score.se_t, abs=2e-9))
    assert found.get("reason", "") == score.reason


@pytest.mark.parametrize("name", ["mixed", "skips some"])
def test_a_whole_test_is_the_one_that_the_command_makes(begun, name, tmp_path):
    answer_of = PEOPLE[name]
    cells = [answer_of(place) or "" for place in places().values()]
    table = tmp_path / "answers.csv"
    table.write_text("\n".join([",".join(["id", *places()]), ",".join(["1", *cells])]))
    out = io.StringIO()
    call_command("cat", BANK, "--answers", str(table), stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))

    done = taken(begun, answer_of)

    expected = [(r["item"], r["answer"] or None, r["theta"], r["se"]) for r in rows]
    near(steps(done), expected)


def test_the_first_question_comes_in_the_contained_questionnaire(begun, canonical):
    resource = valid(post(begun))

    held = questionnaire_of(resource)
    assert resource["questionnaire"] == f"#{held['id']}"
    assert held["derivedFrom"] == [f"{canonical}|1.0"]
    assert held["meta"]["profile"] == [terms.QUESTIONNAIRE_PROFILE]
    assert "url" not in held  # the profile forbids it: this one is made for one response
    question = held["item"][-1]
    assert (question["type"], len(question["answerOption"])) == ("choice", 5)
    assert "item" not in resource


def test_all_answers_at_once_complete_the_test_at_once(begun):
    answers = [item(code, "3") for code in places()]

    done = valid(post(begun | {"item": answers}))

    assert done["status"] == "completed"
    assert steps(done) == steps(taken(begun, PEOPLE["in the middle"]))


def test_the_same_response_again_gets_the_same_question(begun):
    first = valid(post(begun))

    assert valid(post(first)) == first


def test_a_changed_answer_is_as_if_it_had_been_given_the_first_time(begun):
    done = taken(begun, PEOPLE["healthy"])
    second = steps(done)[1][0]
    changed = with_answer(done, second, "5")

    again = taken(changed, PEOPLE["healthy"])

    def answer_of(place):
        return "5" if place == places()[second] else "1"

    assert steps(again) == steps(taken(begun, answer_of))
    assert scores(again) == scores(taken(begun, answer_of))


def test_an_answer_off_the_path_is_kept_hidden_and_counts_when_it_comes_by_again(begun):
    done = taken(begun, PEOPLE["healthy"])
    first = steps(done)[0][0]

    changed = valid(post(with_answer(done, first, "5")))

    dropped = [part for part in changed["item"] if list(extensions.of(part, terms.OFF_PATH))]
    assert changed["status"] == "in-progress"
    assert dropped
    by_id = {part["linkId"]: part for part in questionnaire_of(changed)["item"]}
    assert all(extensions.value(by_id[each["linkId"]], terms.HIDDEN) for each in dropped)
    assert steps(valid(post(with_answer(changed, first, "1")))) == steps(done)


def test_scores_are_read_only_hidden_items_and_go_when_the_test_goes_on(begun):
    done = taken(begun, PEOPLE["healthy"])
    ours = [part for part in questionnaire_of(done)["item"] if part.get("readOnly")]

    reopened = valid(post(with_answer(done, steps(done)[0][0], "5")))

    assert {part["linkId"] for part in ours} >= {"utfall.t", "utfall.se", "utfall.set"}
    assert all(extensions.value(part, terms.HIDDEN) for part in ours)
    assert not [part for part in reopened["item"] if terms.is_ours(part["linkId"])]


def test_what_else_the_response_says_goes_back_as_it_came(begun):
    said = {
        "id": "r1",
        "authored": "2026-11-22T00:00:00+01:00",
        "subject": {"reference": "Patient/1"},
        "contained": [{"resourceType": "Patient", "id": "p"}],
    }

    resource = valid(post(begun | said))

    assert {name: resource[name] for name in ("id", "authored", "subject")} == {
        name: said[name] for name in ("id", "authored", "subject")
    }
    assert said["contained"][0] in resource["contained"]


def test_the_response_may_come_in_parameters(begun):
    parameter = {"name": "questionnaire-response", "resource": begun}
    body = {"resourceType": "Parameters", "parameter": [parameter]}

    assert valid(post(body)) == valid(post(begun))


def test_the_address_may_name_the_questionnaire():
    body = {"resourceType": "QuestionnaireResponse", "status": "in-progress"}

    resource = valid(post(body, to=f"/fhir/Questionnaire/{BANK}/$next-question"))

    assert asked(resource) in places()


def test_a_client_may_begin_with_the_shell_inside(begun):
    shell = valid(get(f"/fhir/Questionnaire/{BANK}?language=en"))
    body = begun | {"questionnaire": f"#{shell['id']}", "contained": [shell]}

    resource = valid(post(body))

    held = questionnaire_of(resource)
    assert (held["id"], held["language"], resource["language"]) == (shell["id"], "en", "en")
    assert held["item"][-1]["text"].startswith("How often")


def test_the_shell_is_adaptive_and_has_no_questions(canonical):
    shell = valid(get(f"/fhir/Questionnaire/{BANK}"))

    assert shell["url"] == canonical
    assert shell["meta"]["profile"] == [terms.SHELL_PROFILE]
    assert extensions.value(shell, terms.ADAPTIVE) == canonical.rpartition("/Questionnaire")[0]
    assert "item" not in shell


def test_the_questionnaire_may_name_another_rule(begun):
    resource = valid(post(begun))
    rule = next(extensions.of(questionnaire_of(resource), terms.RULE))
    rule["valueCode"] = "screen-to-cat"

    done = taken(resource, PEOPLE["healthy"])

    bank = banks.bank(library.get(BANK), "sv")
    path = session.replay(bank, dict.fromkeys(places(), "1"), NAMED["screen-to-cat"])
    assert scores(done)["stop"] == path.next.why == "screen"


def test_metadata_names_the_operation_to_whoever_asks():
    statement = valid(Client().get("/fhir/metadata"))

    (questionnaire,) = statement["rest"][0]["resource"]
    assert questionnaire["operation"][0]["definition"] == terms.NEXT_QUESTION
    assert statement["fhirVersion"] == "4.0.1"


def test_nothing_is_stored_and_no_patient_is_read(begun):
    taken(begun, PEOPLE["healthy"])

    assert not Instrument.objects.exists()
    assert not AccessEvent.objects.exists()


# Whose words


def grant(until=date(2027, 12, 31), **fields):
    return Grant(reference="PHO 1", until=until, **fields)


def licensed(word="official", **fields):
    return licensing.import_wording(
        BANK, wording_of(BANK, word=word), language="sv", mode=Mode.SELF, grant=grant(**fields)
    )


def test_demonstration_wording_is_marked_as_such(begun):
    held = questionnaire_of(valid(post(begun)))

    assert extensions.value(held, terms.DEMONSTRATION)
    assert extensions.value(held["item"][-1], terms.DEMONSTRATION)
    assert held["item"][0]["text"] == "Demonstrationstext, inte den officiella"
    assert held["status"] == "draft"


def test_demonstration_wording_is_refused_where_it_may_not_be_asked(begun, settings):
    settings.ALLOW_DEMONSTRATION_WORDING = False

    assert "demonstration wording only" in refused(post(begun), 403)[1]
    assert refused(get(f"/fhir/Questionnaire/{BANK}"), 403)


def test_licensed_wording_is_asked_under_its_licence(begun, settings):
    settings.ALLOW_DEMONSTRATION_WORDING = False
    licensed()

    held = questionnaire_of(valid(post(begun)))

    assert held["item"][-1]["text"].startswith("official")
    assert not extensions.value(held, terms.DEMONSTRATION)
    assert (held["status"], held["version"]) == ("active", "1.0-1")


@pytest.mark.parametrize(
    "given", [{"until": date(2026, 1, 1)}, {"scopes": (Licence.Scope.WORDING,)}]
)
def test_licensed_wording_is_refused_without_a_licence_in_force(begun, given):
    licensed(**given)

    assert "No licence in force covers" in refused(post(begun), 403)[1]


def test_a_test_goes_on_in_the_version_that_it_was_begun_in(begun):
    licensed()
    resource = valid(post(begun))
    licensed("newer")

    held = questionnaire_of(valid(post(resource)))

    assert held["version"] == "1.0-1"
    assert questionnaire_of(valid(post(begun)))["version"] == "1.0-2"


def test_a_version_that_is_not_asked_is_refused(canonical):
    place, said = refused(post(beginning(f"{canonical}|0.9")), 422)

    assert (place, "begin anew with 1.0" in said) == ("QuestionnaireResponse.questionnaire", True)


# What is refused


def code_of_first():
    bank, rules = banks.bank(library.get(BANK), "sv"), banks.rules(library.get(BANK))
    first = session.next_step(bank, {}, rules)
    assert isinstance(first, Ask)
    return first.item


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ([item("EDANX99", "1")], "item[0].linkId"),
        ([item("EDANX01", "1"), item("EDANX01", "1")], "item[1].linkId"),
        ([item("EDANX01", "6")], "item[0].answer[0].value"),
        ([{"linkId": "EDANX01", "answer": [{"valueInteger": 1}]}], "item[0].answer[0].value"),
        (
            [
                {
                    "linkId": "EDANX01",
                    "answer": [{"valueCoding": {"code": "1", "system": "http://loinc.org"}}],
                }
            ],
            "item[0].answer[0].value",
        ),
        ([{"linkId": "EDANX01", "answer": item("x", "1")["answer"] * 2}], "item[0].answer"),
        ([{"linkId": "EDANX01", "item": [item("EDANX02", "1")]}], "item[0].item"),
    ],
    ids=["unknown", "twice", "out of range", "no coding", "another system", "two", "inside"],
)
def test_an_answer_that_cannot_be_taken_is_named(begun, items, place):
    found, said = refused(post(begun | {"item": items}), 422)

    assert found == f"QuestionnaireResponse.{place}"
    assert said


def test_a_fault_inside_parameters_is_named_there(begun):
    resource = begun | {"item": [item("EDANX99", "1")]}
    parameter = {"name": "questionnaire-response", "resource": resource}
    body = {"resourceType": "Parameters", "parameter": [parameter]}

    assert refused(post(body), 422)[0] == "Parameters.parameter[0].resource.item[0].linkId"


@pytest.mark.parametrize(
    ("fields", "status", "place"),
    [
        ({"language": "de"}, 422, "questionnaire"),
        ({"language": "\x00"}, 422, "questionnaire"),
        ({"status": "stopped"}, 422, "status"),
        ({"questionnaire": "#gone"}, 422, "questionnaire"),
        (
            {"questionnaire": "http://example.org/Questionnaire/promis-anxiety"},
            422,
            "questionnaire",
        ),
    ],
)
def test_a_response_that_cannot_go_on_is_refused(begun, fields, status, place):
    assert refused(post(begun | fields), status)[0] == f"QuestionnaireResponse.{place}"


def test_two_languages_are_refused(begun):
    resource = valid(post(begun))
    questionnaire_of(resource)["language"] = "en"

    assert refused(post(resource), 422)[0] == "QuestionnaireResponse.language"


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("eq5d-5l", 422, "not adaptive"),
        ("promis-anxiety-4a", 422, "not adaptive"),
        ("unknown", 404, "no questionnaire"),
        ("a%00b", 404, "no questionnaire"),
    ],
)
def test_a_questionnaire_without_a_next_question_is_refused(code, status, words):
    body = {"resourceType": "QuestionnaireResponse", "status": "in-progress"}
    address = f"/fhir/Questionnaire/{code}"

    assert words in refused(post(body, to=f"{address}/$next-question"), status)[1]
    assert words in refused(get(address), status)[1]


def test_an_address_that_names_another_questionnaire_is_refused(begun):
    address = "/fhir/Questionnaire/promis-fatigue/$next-question"

    assert refused(post(begun, to=address), 422)[0] == "QuestionnaireResponse.questionnaire"


def test_an_unknown_rule_is_refused(begun):
    resource = valid(post(begun))
    next(extensions.of(questionnaire_of(resource), terms.RULE))["valueCode"] = "guess"

    place, said = refused(post(resource), 422)

    assert (place, "screen-to-cat" in said) == ("QuestionnaireResponse.contained[0]", True)


QR = '{"resourceType": "QuestionnaireResponse", '


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        b"\xff",
        '{"resourceType": "Patient"}',
        '{"resourceType": "Parameters"}',
        '{"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response"}]}',
        f'{QR}"status": "in-progress", "item": {{}}}}',
        f'{QR}"status": "in-progress", "item": [null]}}',
        f'{QR}"status": "in-progress", "item": null}}',
        f'{QR}"status": "in-progress", "item": [{{"answer": []}}]}}',
        f'{QR}"status": "in-progress", "contained": [{{"resourceType": "Nonsense"}}]}}',
        f'{QR}"status": "in-progress", "contained": [null]}}',
        f'{QR}"status": "in-progress", "unknown": 1}}',
        f'{QR}"status": "in-progress", "id": "\\ud800"}}',
        f'{QR}"status": "in-progress", "status": "in-progress"}}',
        f'{QR}"status": "in-progress", "extension": [{{"url": "x", "valueDecimal": 1e999}}]}}',
        f'{QR}"status": "in-progress", "extension": [{{"valueDecimal": {"9" * 5000}}}]}}',
        f'{QR}"item": {"[" * 5000}{"]" * 5000}}}',
    ],
)
def test_a_body_that_is_no_response_is_refused_and_breaks_nothing(body):
    status = post(body).status_code

    assert status in (400, 404, 422)
    assert refused(post(body), status)[1]


def test_a_body_that_is_too_large_is_refused():
    assert refused(post(b" " * 5_000_001), 413)


def test_another_media_type_is_refused():
    assert refused(post("<x/>", content_type="application/fhir+xml"), 415)


def test_plain_json_is_taken_too(begun):
    assert valid(post(begun, content_type="application/json"))


@pytest.mark.parametrize("token", ["", "unknown"])
def test_nobody_asks_without_a_token(begun, token):
    assert refused(post(begun, token=token), 401)


@pytest.mark.parametrize("address", ["/fhir/", "/fhir/Patient/1", "/fhir/Questionnaire/"])
def test_another_address_is_not_found_in_fhir_too(address):
    assert refused(get(address), 404)


def test_another_method_is_refused_in_fhir_too():
    assert refused(get(NEXT), 405)
    assert InstrumentVersion.objects.count() == 0
