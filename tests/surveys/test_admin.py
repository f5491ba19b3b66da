import pytest
from django.urls import reverse

from surveys.models import Survey
from tests.factories import (
    make_open_occasion,
    make_registry_commission,
    make_survey,
    make_survey_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def commission():
    return make_registry_commission()


@pytest.fixture
def registry(enter, commission):
    return enter(commission)


def publish_page(survey):
    return reverse("admin:surveys_survey_publish", args=[survey.pk])


def test_publishing_freezes_the_next_version_and_shows_it(registry, commission, settings):
    settings.ALLOW_DEMONSTRATION_WORDING = True
    survey = make_survey(register=commission.register)

    response = registry.post(publish_page(survey), follow=True)

    version = survey.versions.get()
    assert (version.number, version.published_by) == (1, commission.staff)
    assert response.redirect_chain[-1][0].endswith(f"/surveyversion/{version.pk}/change/")
    assert "Version 1 är publicerad." in response.text


def test_page_before_publishing_says_whom_it_concerns(registry, commission):
    version = make_survey_version(register=commission.register)
    make_open_occasion(version)

    response = registry.get(publish_page(version.survey))

    assert "blir version 2" in response.text
    assert "1 patient som skrevs in tidigare stannar i sin version" in response.text


def test_survey_that_is_not_ready_is_not_published_and_the_page_says_why(registry, commission):
    survey = make_survey(register=commission.register, instruments=(), time_points=())

    response = registry.post(publish_page(survey))

    assert response.status_code == 422
    assert "Enkäten kan inte publiceras än." in response.text
    assert not survey.versions.exists()


def test_survey_of_another_register_cannot_be_published(registry):
    survey = make_survey()

    assert registry.post(publish_page(survey)).status_code == 404
    assert not survey.versions.exists()


def test_survey_can_be_given_to_no_other_register(registry, commission):
    theirs = make_survey().register
    fields = {"name": "Knä", "code": "knee", "role": "both", "event": "surgery"}
    lists = {"languages": "sv", "channels": "inbox", "identity_level": "link"}
    inlines = {f"{name}-{part}": 0 for name in ("instruments", "time_points") for part in FORMS}

    response = registry.post(
        "/admin/surveys/survey/add/", fields | lists | inlines | {"register": theirs.pk}
    )

    assert response.status_code == 200
    assert "register" in response.context["adminform"].form.errors
    assert not Survey.objects.filter(code="knee").exists()


FORMS = ("TOTAL_FORMS", "INITIAL_FORMS")


def test_occasion_tells_the_story_of_its_messages(registry, commission):
    occasion = make_open_occasion(make_survey_version(register=commission.register))

    response = registry.get(reverse("admin:surveys_occasion_change", args=[occasion.pk]))

    assert response.status_code == 200
    assert "2026-10-25 02:30:00" in response.text
    assert "inbjudan</p>" in response.text
    assert "i kö" in response.text


def test_enrolment_leads_to_its_occasions_by_name(registry, commission):
    occasion = make_open_occasion(make_survey_version(register=commission.register))
    [name] = [
        point.names["sv"]
        for point in occasion.enrolment.survey_version.plan.time_points
        if point.code == occasion.time_point
    ]

    page = registry.get(f"/admin/surveys/enrolment/{occasion.enrolment_id}/change/")

    link = f'<a href="/admin/surveys/occasion/{occasion.pk}/change/">{name}</a>'
    assert link in page.content.decode()


def test_published_version_is_shown_readable_and_cannot_be_changed(registry, commission):
    version = make_survey_version(register=commission.register)
    address = reverse("admin:surveys_surveyversion_change", args=[version.pk])

    response = registry.get(address)

    assert "eq5d-5l" in response.text
    assert registry.post(address, {"number": 9}).status_code == 403
