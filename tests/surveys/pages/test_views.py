from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proms.models import Measurement, Record
from surveys import links, sheets
from surveys.models import Answer, Occasion
from surveys.pages import sessions
from tests.factories import (
    NOW,
    make_link,
    make_number,
    make_open_occasion,
    make_survey_version,
    make_version_asking,
)
from tests.surveys.pages.instruments import EVERY_KIND
from tests.surveys.pages.robot import ANSWERS, Robot
from tests.surveys.provider import PERSONAL

pytestmark = pytest.mark.django_db
DEAD = "Länken gäller inte längre."
# The item of the anxiety bank that is asked first.
FIRST = "EDANX53"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def version():
    return make_survey_version(languages=["sv", "en"])


@pytest.fixture
def occasion(version):
    return make_open_occasion(version)


@pytest.fixture
def token(occasion):
    return make_link(occasion)


@pytest.fixture
def robot(client):
    return Robot(client)


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin, ctid, o.* FROM surveys_occasion o ORDER BY id")
        occasions = cursor.fetchall()
        cursor.execute("SELECT a.* FROM surveys_answer a ORDER BY id")
        return occasions, cursor.fetchall()


# The way in


def test_a_survey_is_answered_by_the_hooks_alone(robot, token, occasion):
    robot.enter(token).answer()
    assert robot.path.endswith("/review/")

    robot.go_on()

    assert robot.is_submitted
    assert Occasion.objects.get(pk=occasion.pk).status == "answered"
    assert list(Answer.objects.order_by("pk").values_list("value", flat=True)) == [
        *list(ANSWERS.values())[:5],
        70,
    ]


def test_the_first_page_says_who_asks_why_and_what_happens(robot, token, occasion):
    robot.open(f"/s/{token}/")

    unit = occasion.enrolment.event.unit
    for words in (
        unit.name,
        unit.phone,
        "6 frågor",
        "Du väljer om du vill svara",
        "kvalitetsregist",
    ):
        assert words in robot.text


def test_opening_a_link_changes_nothing(client, token):
    before = rows()

    for _ in range(3):
        assert client.get(f"/s/{token}/").status_code == 200
        assert client.head(f"/s/{token}/").status_code == 200

    assert rows() == before
    assert not client.cookies


def test_the_button_lets_in_and_leaves_the_token_behind(client, token, occasion):
    response = client.post(f"/s/{token}/")

    assert token not in response["Location"]
    cookie = response.cookies[sessions.OFFERED]
    assert cookie["path"] == f"/answer/{occasion.pk}/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    occasion.refresh_from_db()
    assert occasion.reached_at == NOW


def test_pages_are_neither_cached_nor_told_of_to_others(client, token):
    response = client.get(f"/s/{token}/")

    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_a_browser_that_hides_where_it_comes_from_is_let_in(token):
    careful = Client(enforce_csrf_checks=True, headers={"origin": "null"})

    assert careful.post(f"/s/{token}/").status_code == 302


def test_answers_come_from_our_own_pages_only(client, token):
    careful = Client(enforce_csrf_checks=True)
    path = careful.post(f"/s/{token}/")["Location"]

    response = careful.post(path, {"answer": "1"})

    assert response.status_code == 403
    assert not Answer.objects.exists()


def test_a_link_is_not_enough_where_a_login_is_asked_for(robot, occasion):
    version = make_version_asking(EVERY_KIND, identity_level="strong")
    occasion = make_open_occasion(version, person_id=make_number(1))
    token = make_link(occasion)

    posted = robot.client.post(f"/s/{token}/")

    assert sessions.OFFERED not in posted.cookies
    robot.open(f"/s/{token}/")
    [way_in] = robot.page.xpath("//a[@data-action='continue']/@href")
    assert way_in == f"/1177/?occasion={occasion.pk}"


def dead_links(client, version):
    """Requests that lead nowhere, each for a reason of its own."""
    used, revoked, closed = (
        make_open_occasion(version, person_id=make_number(n)) for n in (1, 2, 3)
    )
    tokens = {"unknown": links.token_for("x", 0), "garbage": "%F0%9F%98%80"}
    tokens |= {"used": make_link(used), "revoked": make_link(revoked), "closed": make_link(closed)}
    Robot(Client()).enter(tokens["used"]).answer().go_on()
    Occasion.objects.filter(pk=revoked.pk).update(link_generation=1)
    over = {"opens_at": NOW - timedelta(days=30), "closes_at": NOW}
    Occasion.objects.filter(pk=closed.pk).update(**over)
    paths = {reason: f"/s/{token}/" for reason, token in tokens.items()}
    paths |= {
        "without a session": f"/answer/{used.pk}/",
        "question without a session": f"/answer/{used.pk}/eq5d-5l/MO/",
        "receipt without a session": f"/answer/{used.pk}/receipt/",
        "of no occasion": "/answer/00000000-0000-0000-0000-000000000000/review/",
        "login for nothing": "/1177/?occasion=nonsense",
    }
    return paths


def test_every_dead_link_gives_one_and_the_same_page(client, version):
    paths = dead_links(client, version)

    answers = {reason: Client().get(path) for reason, path in paths.items()}
    posts = [Client().post(path) for path in paths.values() if path.startswith("/s/")]

    [page] = {answer.content for answer in [*answers.values(), *posts]}
    assert DEAD in page.decode()
    assert {answer.status_code for answer in [*answers.values(), *posts]} == {404}
    headers = [
        {name: value for name, value in answer.items() if name != "Referrer-Policy"}
        for answer in answers.values()
    ]
    assert all(each == headers[0] for each in headers)


# Sessions


def test_a_session_reaches_no_other_occasion(client, token, version):
    other = make_open_occasion(version, person_id=make_number(1))
    client.post(f"/s/{token}/")

    # Django's test client sends every cookie everywhere, as no browser would.
    response = client.get(f"/answer/{other.pk}/")

    assert response.status_code == 404


def test_a_session_that_was_tampered_with_is_none(client, token, occasion):
    client.post(f"/s/{token}/")
    # No signature ends in B: its last letter holds four bits, and two zeros.
    client.cookies[sessions.OFFERED] = client.cookies[sessions.OFFERED].value[:-1] + "B"

    assert client.get(f"/answer/{occasion.pk}/").status_code == 404


def test_a_session_made_with_another_salt_is_none(client, occasion):
    forged = sessions.signing.dumps({"occasion": str(occasion.pk), "level": "strong"})
    client.cookies[sessions.KEPT] = forged

    assert client.get(f"/answer/{occasion.pk}/").status_code == 404


@pytest.mark.parametrize("minutes", [31, 24 * 60])
def test_a_session_left_idle_is_over_and_nothing_is_lost(robot, token, clock, minutes):
    robot.enter(token).fill("2")
    path = robot.path
    clock.shift(timedelta(minutes=minutes))

    response = robot.client.post(path, {"answer": "5", "revision": "0"})

    assert response.status_code == 403
    assert "Du har varit borta en stund" in response.content.decode()
    assert Answer.objects.get().value == "2"


def test_a_session_ends_after_four_hours_however_busy(robot, token, clock):
    robot.enter(token)
    for _ in range(12):
        clock.shift(timedelta(minutes=20))
        assert robot.open(robot.path).response.status_code == 200
    clock.shift(timedelta(minutes=1))

    assert robot.open(robot.path).response.status_code == 403


def test_stopping_for_now_saves_what_is_filled_in_and_ends_the_session(robot, token, occasion):
    robot.enter(token).fill("4", press="later")

    assert "Dina svar är sparade" in robot.text
    assert Answer.objects.get().value == "4"
    assert robot.client.get(f"/answer/{occasion.pk}/").status_code == 404


def test_stopping_for_now_asks_for_nothing(robot, token):
    robot.enter(token).fill(press="later")

    assert "Dina svar är sparade" in robot.text
    assert not Answer.objects.exists()


def test_opening_the_link_again_goes_on_with_the_browsers_own_session(robot, token):
    robot.enter(token).fill("3")

    robot.enter(token).follow("Tillbaka")

    assert robot.value() == "3"
    assert (
        len({cookie for cookie in robot.client.cookies if robot.client.cookies[cookie].value}) == 2
    )


def test_opening_the_link_again_after_a_while_begins_a_new_session(robot, token, clock):
    robot.enter(token).fill("3")
    clock.shift(timedelta(minutes=31))

    robot.enter(token).follow("Tillbaka")

    assert robot.value() is None
    assert "Besvarad" in robot.text


# Questions


def test_every_kind_of_question_is_asked_and_kept(robot):
    occasion = make_open_occasion(make_version_asking(EVERY_KIND))
    robot.enter(make_link(occasion))

    robot.fill("b").fill("Därför").fill("x", "y").fill("7,5").fill("2026-03-14")
    robot.fill("1").fill("42")

    assert dict(Answer.objects.values_list("item", "value")) == {
        "ONE": "b",
        "WHY": "Därför",
        "SOME": ["x", "y"],
        "HOW-MANY": 7.5,
        "WHEN": "2026-03-14",
        "MUST": "1",
        "VAS": 42,
    }
    for words in ("Val b", "Därför", "Val x, Val y", "7,5 km", "14 mars 2026", "42"):
        assert words in robot.text


def test_a_question_that_its_condition_hides_is_passed_by(robot):
    robot.enter(make_link(make_open_occasion(make_version_asking(EVERY_KIND))))

    robot.fill("a")

    assert robot.question.get("data-question") == "SOME"
    assert "Fråga 2 av 6" in robot.text


WRONG = [
    ("ONE", ["c"], "Välj det svar"),
    ("SOME", ["x", "none"], "tillsammans"),
    ("HOW-MANY", ["21"], "från 0 till 20"),
    ("HOW-MANY", ["7.55"], "från 0 till 20"),
    ("HOW-MANY", ["much"], "från 0 till 20"),
    ("WHEN", ["14/3"], "år-månad-dag"),
    ("VAS", ["101"], "heltal från 0 till 100"),
    ("VAS", ["7.5"], "heltal från 0 till 100"),
    ("VAS", ["nan"], "heltal från 0 till 100"),
]


@pytest.mark.parametrize(("item", "answer", "cure"), WRONG)
def test_a_wrong_answer_is_told_with_its_cure_and_not_kept(robot, item, answer, cure):
    occasion = make_open_occasion(make_version_asking(EVERY_KIND))
    robot.enter(make_link(occasion)).open(f"/answer/{occasion.pk}/every-kind/{item}/")

    robot.fill(*answer)

    assert robot.response.status_code == 422
    assert cure in robot.text
    assert robot.page.findtext(".//title").startswith("Fel:")
    assert not Answer.objects.exists()


def test_a_text_that_is_too_long_is_refused(robot):
    robot.enter(make_link(make_open_occasion(make_version_asking(EVERY_KIND)))).fill("b")

    robot.fill("x" * 201)

    assert "högst 200 tecken" in robot.text


def test_a_question_left_empty_asks_once_and_then_lets_go(robot, token):
    robot.enter(token).fill()
    assert robot.response.status_code == 422

    robot.fill(press="skip")

    assert Answer.objects.get().value is None
    assert robot.question.get("data-question") == "SC"


def test_a_question_that_must_be_answered_cannot_be_skipped(robot):
    occasion = make_open_occasion(make_version_asking(EVERY_KIND))
    robot.enter(make_link(occasion)).open(f"/answer/{occasion.pk}/every-kind/MUST/").fill()
    assert not robot.page.xpath("//button[@name='skip']")

    response = robot.client.post(robot.path, {"skip": "1"})

    assert response.status_code == 422
    assert not Answer.objects.exists()


def test_rather_not_is_offered_where_the_instrument_says_so(robot):
    occasion = make_open_occasion(make_version_asking(EVERY_KIND))
    robot.enter(make_link(occasion)).open(f"/answer/{occasion.pk}/every-kind/WHEN/")

    robot.fill(press="skip")

    assert Answer.objects.get().value is None


def test_answers_of_a_question_that_is_not_asked_lead_back_to_what_is(robot, token, occasion):
    robot.enter(token)

    response = robot.client.get(f"/answer/{occasion.pk}/eq5d-5l/XX/")

    assert response["Location"] == f"/answer/{occasion.pk}/"


def test_demonstration_wording_is_marked_on_every_question(robot, token):
    robot.enter(token)
    while robot.question is not None:
        assert "Demonstrationstext" in robot.text
        robot.fill(ANSWERS[robot.question.get("data-question")])


def test_wording_of_our_own_is_not_marked(robot):
    robot.enter(make_link(make_open_occasion(make_version_asking(EVERY_KIND))))

    assert "Demonstrationstext" not in robot.text


# Back, change, review


def test_back_shows_the_answer_of_this_session(robot, token):
    robot.enter(token).fill("3")

    robot.follow("Tillbaka")

    assert robot.question.get("data-question") == "MO"
    assert robot.value() == "3"


def test_a_change_from_the_review_returns_there(robot, token):
    robot.enter(token).answer()

    robot.follow("Ändra").fill("5")

    assert robot.path.endswith("/review/")
    assert Answer.objects.current().get(item="MO").value == "5"


def test_a_change_that_opens_a_question_leads_to_it(robot):
    robot.enter(make_link(make_open_occasion(make_version_asking(EVERY_KIND)))).answer(ONE="a")

    robot.follow("Ändra").fill("b")

    assert robot.question.get("data-question") == "WHY"


def test_the_review_is_not_reached_before_all_is_answered(robot, token, occasion):
    robot.enter(token).fill("1")

    robot.open(f"/answer/{occasion.pk}/review/")

    assert robot.question.get("data-question") == "SC"


def test_a_page_that_was_overtaken_is_told_and_the_newest_answer_stands(robot, token, occasion):
    path = robot.enter(token).path
    robot.fill("1")

    stale = robot.client.post(path, {"answer": "5", "revision": "0"}, follow=True)

    assert "Det svar du gav sist är det som gäller" in stale.content.decode()
    assert Answer.objects.current().get().value == "5"


def test_an_answer_sent_twice_is_kept_once(robot, token):
    path = robot.enter(token).path

    for _ in range(2):
        page = robot.client.post(path, {"answer": "1", "revision": "0"}, follow=True)

    assert "är det som gäller" not in page.content.decode()
    assert Answer.objects.count() == 1


# Span


def test_what_was_begun_on_another_day_begins_anew_and_says_so(robot, token, clock):
    robot.enter(token).fill("1").fill("2")
    clock.shift(timedelta(days=1))

    robot.enter(token)

    assert (robot.code, robot.value()) == ("MO", None)
    assert "Därför börjar de om" in robot.text
    robot.fill("3")
    assert "Därför börjar de om" not in robot.text
    robot.answer().go_on()
    assert robot.is_submitted


def test_a_change_on_another_day_says_that_the_rest_begins_anew(robot, token, clock):
    robot.enter(token).answer()
    clock.shift(timedelta(days=1))
    robot.enter(token)
    assert robot.path.endswith("/review/")

    robot.open(link_to(robot, "PD")).fill("1")

    assert robot.code == "MO"
    assert "Därför börjar de om" in robot.text


# Adaptive tests


@pytest.fixture
def adaptive():
    instruments = ("eq5d-5l", "promis-anxiety")
    return make_open_occasion(make_survey_version(instruments=instruments, languages=["sv", "en"]))


@pytest.fixture
def tested(robot, adaptive):
    """A robot at the first item of the test, after the fixed questions."""
    robot.enter(make_link(adaptive))
    while robot.code != FIRST:
        robot.fill(ANSWERS[robot.code])
    return robot


def fill_all(robot, *values):
    """Answer the questions at hand in turn; return their codes."""
    codes = []
    for value in values:
        codes.append(robot.code)
        robot.fill(value)
    return codes


def test_an_adaptive_test_is_answered_beside_fixed_questions(robot, adaptive):
    robot.enter(make_link(adaptive)).answer().go_on()

    assert robot.is_submitted
    fixed, test = occasion_record(adaptive).measurements.order_by("position")
    assert fixed.items_asked == list(ANSWERS)
    assert fixed.trace is None
    assert test.items_asked[0] == FIRST
    assert test.trace["stop"] in ("se", "se_change", "max_items")
    assert test.scores.get().value < 50


def test_each_answer_is_kept_before_the_next_item_is_chosen(tested):
    path = tested.path

    answered = tested.client.post(path, {"answer": "4", "revision": "0"})

    assert Answer.objects.get(item=FIRST).value == "4"
    assert FIRST not in answered["Location"]
    assert tested.open(answered["Location"]).code.startswith("EDANX")


def test_the_first_page_says_between_how_many_questions(robot, adaptive):
    robot.open(f"/s/{make_link(adaptive)}/")

    assert "10 till 14 frågor, ungefär 3 minuter" in robot.text


def test_no_number_of_questions_is_told_before_it_is_known(tested):
    assert "Fråga 7" in tested.text
    assert "Fråga 7 av" not in tested.text
    fill_all(tested, *"333")
    assert "av" not in tested.text.partition("Fråga 10")[2].split()[:1]
    tested.fill("3")

    assert "Fråga 10 av 10" in tested.follow("Tillbaka").text


def test_the_bar_never_goes_back_on_the_way(robot, adaptive):
    robot.enter(make_link(adaptive))
    bars = []
    while robot.question is not None:
        bars.append(int(robot.page.xpath("string(//progress/@value)")))
        robot.fill(ANSWERS.get(robot.code, "1"))

    assert bars == sorted(bars)
    assert len(set(bars)) == len(bars)
    assert bars[-1] < 100


def test_back_shows_the_former_item_with_its_answer(tested):
    tested.fill("3").fill("4").follow("Tillbaka")
    assert tested.value() == "4"

    tested.follow("Tillbaka")

    assert (tested.code, tested.value()) == (FIRST, "3")


def test_the_introduction_stands_on_the_first_item_alone(tested):
    assert "Tänk på veckan som gick" in tested.text

    assert "Tänk på veckan som gick" not in tested.fill("3").text


def test_a_changed_answer_leads_along_another_path(tested):
    before = fill_all(tested, *"1111")
    while tested.code != FIRST:
        tested.follow("Tillbaka")

    tested.fill("5")

    assert tested.code not in before or tested.value() == "1"
    tested.answer().go_on()
    trace = measurement_of("promis-anxiety").trace
    assert trace["steps"][0]["answer"] == "5"
    asked = {step["item"] for step in trace["steps"]}
    assert set(Answer.objects.values_list("item", flat=True)) > asked


def test_a_change_that_adds_questions_says_about_how_many(tested):
    tested.answer(**{FIRST: "3"})
    assert tested.path.endswith("/review/")
    tested.open(link_to(tested, FIRST))

    tested.fill("1")

    assert "frågar vi lite till: troligen" in tested.text
    assert tested.question is not None


def test_after_the_added_questions_the_review_comes_again(tested):
    tested.answer(**{FIRST: "3"})
    tested.open(link_to(tested, FIRST)).fill("1")
    added = 0
    while tested.question is not None:
        assert tested.value() is None
        tested.fill("2")
        added += 1

    assert added
    assert tested.path.endswith("/review/")


def test_the_review_lists_the_items_of_the_path(tested):
    fill_all(tested, *"1111")
    while tested.code != FIRST:
        tested.follow("Tillbaka")
    tested.fill("5")
    tested.answer()

    rows = tested.page.xpath("//dl[@class='review']/div")
    path = sheets.read(Occasion.objects.get(status="open").pk).paths["promis-anxiety"]
    assert path.dropped
    assert len(rows) == 6 + len(path.asked)


def test_skipping_everything_comes_to_an_end(tested):
    skipped = 0
    while tested.question is not None:
        tested.fill().fill(press="skip")
        skipped += 1

    tested.go_on()

    assert skipped == 8
    assert tested.is_submitted
    assert measurement_of("promis-anxiety").scores.get().value is None


def test_a_new_entry_goes_on_at_the_same_item(tested, adaptive):
    tested.fill("3").fill("4")
    new = Robot(Client())

    new.enter(make_link(adaptive))

    assert new.code == tested.code
    new.follow("Tillbaka")
    assert new.value() is None
    assert "Besvarad" in new.text


def test_a_test_goes_on_in_the_language_it_was_begun_in(tested):
    tested.fill("3")
    tested.client.post("/answer/language/", {"language": "en", "next": tested.path})

    tested.open(tested.path)

    assert tested.page.get("lang") == "sv"
    assert "på det språk du började med" in tested.text


def test_an_answer_to_an_item_off_the_path_changes_nothing(tested, adaptive):
    before = Answer.objects.count()

    response = tested.client.post(
        f"/answer/{adaptive.pk}/promis-anxiety/EDANX01/", {"answer": "1", "revision": "0"}
    )

    assert response["Location"] == f"/answer/{adaptive.pk}/"
    assert Answer.objects.count() == before


def link_to(robot, item):
    """The review's link that changes an answer."""
    return robot.page.xpath(f"//a[contains(@href, '/{item}/')]/@href")[0]


def measurement_of(instrument):
    found = Measurement.objects.filter(record__register=None)
    return found.get(instrument_version__instrument__code=instrument)


# Submitting


def test_submitting_twice_shows_the_same_receipt(robot, token, occasion):
    robot.enter(token).answer()
    first, second = (
        robot.client.post(f"/answer/{occasion.pk}/review/", follow=True) for _ in range(2)
    )

    assert first.content == second.content
    assert b'data-state="submitted"' in second.content


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("care", "hos {unit}."),
        ("register", "i kvalitetsregistret {register}."),
        ("both", "hos {unit} och i kvalitetsregistret {register}."),
    ],
)
def test_the_receipt_says_where_the_answers_are(robot, role, place):
    occasion = make_open_occasion(make_survey_version(role=role))
    unit, register = (
        occasion.enrolment.event.unit,
        occasion.enrolment.survey_version.survey.register,
    )

    robot.enter(make_link(occasion)).answer().go_on()

    assert f"Dina svar finns nu {place.format(unit=unit, register=register)}" in robot.text


def test_every_page_leads_to_the_receipt_after_submitting(robot, token, occasion):
    robot.enter(token).answer().go_on()

    for page in ("", "review/", "eq5d-5l/MO/"):
        assert robot.open(f"/answer/{occasion.pk}/{page}").is_submitted
    response = robot.client.post(f"/answer/{occasion.pk}/eq5d-5l/MO/", {"answer": "5"})
    assert response["Location"].endswith("/receipt/")
    assert Answer.objects.current().get(item="MO").value == "1"


def test_another_browser_that_was_answering_meets_the_dead_page(robot, token, occasion):
    late = Robot(Client())
    late.enter(token)
    robot.enter(token).answer().go_on()

    late.open(f"/answer/{occasion.pk}/review/")

    assert late.response.status_code == 404
    assert DEAD in late.text


def test_submitting_too_early_leads_to_what_is_left(robot, token, occasion):
    robot.enter(token).fill("1")

    response = robot.client.post(f"/answer/{occasion.pk}/review/", follow=True)

    assert b'data-question="SC"' in response.content
    occasion.refresh_from_db()
    assert occasion.status == "open"


# What a new entry may see

CANARIES = {"WHY": "kanariefågel", "HOW-MANY": "13.7", "WHEN": "2019-08-07", "VAS": "83"}
CANARY_BYTES = ["kanarie", "13,7", "13.7", "2019-08-07", "7 augusti 2019", "83"]


def test_answers_of_another_session_are_in_no_byte_of_a_new_link_session(robot):
    occasion = make_open_occasion(make_version_asking(EVERY_KIND))
    token = make_link(occasion)
    robot.enter(token).answer(ONE="b", MUST="2", **CANARIES)
    assert all(canary in robot.text for canary in ("kanariefågel", "13,7", "83"))
    new = Robot(Client())

    new.enter(token)
    assert new.path.endswith("/review/")
    for item in EVERY_KIND.items:
        new.open(f"/answer/{occasion.pk}/every-kind/{item.code}/")
        assert "Besvarad" in new.text
        assert new.value() is None
        assert not new.page.xpath("//input[@checked]")
        new.fill("wrong kind of answer")
    new.open(f"/answer/{occasion.pk}/review/")

    shown = b"".join(response.content for response in new.seen).decode()
    scripts = shown.replace(str(occasion.pk), "")
    for canary in CANARY_BYTES[:5]:
        assert canary not in scripts
    assert ">83<" not in scripts
    assert 'value="83"' not in scripts


def test_a_new_entry_goes_on_at_the_first_unanswered_question(robot, token):
    robot.enter(token).fill("1").fill("2")
    new = Robot(Client())

    new.enter(token)

    assert new.question.get("data-question") == "UA"


def test_an_answer_from_before_may_be_left_as_it_is_or_replaced(robot, token, occasion):
    robot.enter(token).fill("1").fill("2")
    new = Robot(Client())
    new.enter(token).follow("Tillbaka")

    new.fill()
    assert new.question.get("data-question") == "UA"
    new.follow("Tillbaka").fill("5")

    assert Answer.objects.current().get(item="SC").value == "5"
    new.follow("Tillbaka")
    assert new.value() == "5"


# Languages


def test_the_shell_and_the_questions_change_language_together(robot, token):
    robot.open(f"/s/{token}/")
    robot.client.post("/answer/language/", {"language": "en", "next": f"/s/{token}/"})

    robot.enter(token)

    assert "How easily" in robot.text
    assert "Continue" in robot.text
    assert robot.page.get("lang") == "en"


def test_an_instrument_goes_on_in_the_language_it_was_begun_in(robot, token):
    robot.enter(token).fill("1")
    robot.client.post("/answer/language/", {"language": "en", "next": robot.path})

    robot.open(robot.path)

    assert robot.page.get("lang") == "sv"
    assert "på det språk du började med" in robot.text


def test_what_a_browser_says_of_itself_does_not_choose_the_language(client, token):
    page = client.get(f"/s/{token}/", headers={"accept-language": "en-US"})

    assert 'lang="sv"' in page.content.decode()


def test_the_language_page_leads_only_to_pages_of_ours(client):
    response = client.post("/answer/language/", {"language": "en", "next": "https://example.org/"})

    assert response["Location"] == "/"


# Fast


def test_a_step_takes_at_most_eight_statements(robot, token):
    robot.enter(token).fill("1")
    path = robot.path

    for value in ("2", "3"):
        with CaptureQueriesContext(connection) as context:
            following = robot.client.post(path, {"answer": value, "revision": "0"})["Location"]
            robot.client.get(following)

        statements = [query["sql"] for query in context if "SAVEPOINT" not in query["sql"]]
        assert len(statements) <= 8, statements


def test_a_step_of_an_adaptive_test_takes_no_more(tested):
    tested.fill("3")
    path = tested.path

    with CaptureQueriesContext(connection) as context:
        following = tested.client.post(path, {"answer": "2", "revision": "0"})["Location"]
        tested.client.get(following)

    statements = [query["sql"] for query in context if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 8, statements


def test_a_page_weighs_little(robot, token):
    robot.enter(token)

    assert len(robot.response.content) < 10_000


# The way in from the 1177 inbox


def log_in(client, provider, occasion, **claims):
    """Follow the inbox link, log in, and come back."""
    provider.claims = claims
    answer = provider.go(client.get(f"/1177/?occasion={occasion.pk}")["Location"])
    return client.get("/1177/return/", answer)


def test_a_login_by_the_patient_leads_to_the_first_page(robot, provider, occasion):
    response = log_in(robot.client, provider, occasion)

    assert response["Location"] == f"/answer/{occasion.pk}/"
    assert "6 frågor" in robot.open(response["Location"]).text
    robot.go_on().answer().go_on()
    assert robot.is_submitted
    record = occasion_record(occasion)
    assert (record.identity_level, record.channel) == ("strong", "inbox")


def test_following_the_inbox_link_changes_nothing(client, provider, occasion):
    before = rows()

    client.get(f"/1177/?occasion={occasion.pk}")

    assert rows() == before


def test_a_login_by_someone_else_gives_the_dead_page(client, provider, occasion):
    response = log_in(client, provider, occasion, **{PERSONAL: make_number(7)})

    assert response.status_code == 404
    assert DEAD in response.content.decode()
    assert sessions.OFFERED not in response.cookies
    occasion.refresh_from_db()
    assert occasion.reached_at is None


def test_a_login_for_no_occasion_gives_the_dead_page(client, provider, occasion):
    nothing = Occasion(pk="00000000-0000-0000-0000-000000000000")

    assert log_in(client, provider, nothing).status_code == 404


def test_a_login_at_too_low_a_level_lets_nobody_in(client, provider, occasion):
    response = log_in(client, provider, occasion, acr="http://id.elegnamnden.se/loa/1.0/loa2")

    assert response.status_code == 403
    assert "Inloggningen gick inte" in response.content.decode()
    assert sessions.OFFERED not in response.cookies


def test_a_login_that_was_cancelled_can_be_tried_again(robot, provider, occasion):
    client = robot.client
    answer = provider.go(client.get(f"/1177/?occasion={occasion.pk}")["Location"])
    cancelled = {"error": "access_denied", "state": answer["state"], "iss": answer["iss"]}

    robot.open(f"/1177/return/?{urlencode(cancelled)}")

    assert robot.response.status_code == 403
    [again] = robot.page.xpath("//a[contains(@href, '/1177/')]/@href")
    assert again == f"/1177/?occasion={occasion.pk}"


def test_a_login_is_good_for_one_return(client, provider, occasion):
    answer = provider.go(client.get(f"/1177/?occasion={occasion.pk}")["Location"])
    client.get("/1177/return/", answer)

    assert client.get("/1177/return/", answer).status_code == 403


def test_a_provider_that_is_down_is_told_kindly(client, provider, occasion):
    provider.is_down = True

    response = client.get(f"/1177/?occasion={occasion.pk}")

    assert response.status_code == 503
    assert f"/1177/?occasion={occasion.pk}" in response.content.decode()


def test_a_strong_login_reads_everything_back(robot, token, provider, occasion):
    robot.enter(token).fill("4")
    strong = Robot(Client())
    log_in(strong.client, provider, occasion)

    strong.open(f"/answer/{occasion.pk}/eq5d-5l/MO/")

    assert strong.value() == "4"


def test_a_strong_login_takes_over_from_a_link(robot, token, provider, occasion):
    Robot(Client()).enter(token).fill("4")
    robot.enter(token)
    log_in(robot.client, provider, occasion)

    robot.open(f"/answer/{occasion.pk}/eq5d-5l/MO/")

    assert robot.value() == "4"


def test_a_strong_login_after_submitting_sees_that_it_is_answered(robot, token, provider, occasion):
    robot.enter(token).answer().go_on()
    strong = Robot(Client())
    response = log_in(strong.client, provider, occasion)

    strong.open(response["Location"])

    assert strong.is_submitted
    assert "Du har redan svarat" in strong.text


def test_a_strong_login_to_a_closed_occasion_gives_the_dead_page(robot, provider, occasion):
    over = {"opens_at": NOW - timedelta(days=30), "closes_at": NOW}
    Occasion.objects.filter(pk=occasion.pk).update(**over)

    response = log_in(robot.client, provider, occasion)

    robot.open(response["Location"])
    assert robot.response.status_code == 404
    assert DEAD in robot.text


def occasion_record(occasion):
    return Record.objects.of_occasion(occasion.pk).with_answers().get(register=None)
