"""How a JSON body of the REST API is read: no larger and no deeper than anyone needs."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    """The body is longer than the settings allow."""

    status_code = 413


class BoundedJSONParser(JSONParser):
    """Refuses what would fill the memory or the stack, before anything is done with it."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        context = dict(parser_context or {})
        length = int(context["request"].META.get("CONTENT_LENGTH") or 0)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000
            raise TooLarge(f"The body is over {limit} MB: send it in parts.")
        try:
            return super().parse(stream, media_type, {**context, "encoding": _encoding(context)})
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None


def _encoding(context: Mapping[str, Any]) -> str:
    """Return the encoding of a body; one in UTF-8 may begin with a byte order mark."""
    named = str(context.get("encoding") or settings.DEFAULT_CHARSET)
    return "utf-8-sig" if named.lower() in ("utf-8", "utf8") else named
