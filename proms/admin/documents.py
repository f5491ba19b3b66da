"""JSON documents, readable: as nested lists of names and values."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def readable(document: Any) -> SafeString:
    """Return a document as HTML, every text of it escaped."""
    if document in (None, "", {}):
        return format_html('<span class="quiet">{}</span>', "–")
    if isinstance(document, dict):
        return _pairs(document)
    if isinstance(document, list | tuple):
        return _items(document)
    return format_html("{}", _("yes") if document is True else document)


def _pairs(document: dict[str, Any]) -> SafeString:
    pairs = ((name, readable(value)) for name, value in document.items())
    return format_html(
        '<dl class="document">{}</dl>',
        format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", pairs),
    )


def _items(document: list[Any] | tuple[Any, ...]) -> SafeString:
    if all(isinstance(each, str | int | float) for each in document):
        return format_html("{}", ", ".join(map(str, document)) or "–")
    items = ((readable(each),) for each in document)
    return format_html('<ol class="document">{}</ol>', format_html_join("", "<li>{}</li>", items))
