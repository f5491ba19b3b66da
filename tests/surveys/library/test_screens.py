import pytest
from django.test import RequestFactory

from proms.instruments import library
from surveys.library import screens


def drawn(code, language="sv", *, whole=False):
    request = RequestFactory().get("/")
    return list(screens.drawn(library.get(code), language=language, request=request, whole=whole))


def test_questions_behind_conditions_are_drawn_too():
    assert [screen.code for screen in drawn("recovery-example")] == [
        item.code for item in library.get("recovery-example").items
    ]


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Demonstrationstext"), ("en", "Demonstration wording")]
)
def test_each_screen_says_that_its_words_are_a_demonstration(language, said):
    assert all(said in screen.html for screen in drawn("eq5d-5l", language))


def test_our_own_words_are_not_marked():
    assert not any("Demonstrationstext" in screen.html for screen in drawn("prem"))


def test_a_whole_page_has_its_style_sheet_and_script():
    (page, *_) = drawn("eq5d-5l", whole=True)

    assert "patient.css" in page.html
    assert 'lang="sv"' in page.html
