"""The check on untranslated texts finds what it should."""

import pytest
from babel.messages.catalog import Catalog

from config.local import translations
from config.local.translations import Text

TEMPLATE = """
{% load i18n %}{# a comment #}
<h1 title="{% translate 'Title' %}">{{ _("Heading") }} it's</h1>
{% blocktranslate count n=number trimmed %}
  One answer
  {% plural %}{{ n }} answers{% endblocktranslate %}
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "surveys" / "templates").mkdir(parents=True)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def test_texts_are_found_in_templates(root):
    (root / "surveys" / "templates" / "page.html").write_text(TEMPLATE)

    assert [text.msgid for text in translations.texts()] == ["Title", "Heading", "One answer"]


def test_texts_are_found_in_code_with_their_place_and_context(root):
    (root / "surveys" / "forms.py").write_text("_('One')\n\npgettext_lazy('verb', 'Two')\n")

    assert list(translations.texts()) == [
        Text("surveys/forms.py:1", "One", None),
        Text("surveys/forms.py:3", "Two", "verb"),
    ]


@pytest.mark.parametrize(
    ("entry", "faults"),
    [
        ({"string": "Ett"}, []),
        ({"string": ""}, ["place: no Swedish for 'One'"]),
        ({"string": "Ett", "flags": ["fuzzy"]}, ["place: no Swedish for 'One'"]),
        ({"string": "Ett", "context": "verb"}, ["place: no Swedish for 'One'"]),
    ],
)
def test_only_a_finished_entry_of_the_same_context_counts(entry, faults):
    catalogue = Catalog(locale="sv")
    catalogue.add("One", **entry)

    assert translations.untranslated(catalogue, iter([Text("place", "One", None)])) == faults


def test_a_translation_with_an_unknown_placeholder_is_a_fault():
    catalogue = Catalog(locale="sv")
    catalogue.add("%(n)s answers", "%(x)s svar", flags=["python-format"])

    assert translations.untranslated(catalogue, iter([])) != []
