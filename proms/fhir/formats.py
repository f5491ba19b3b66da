"""FHIR resources as JSON: how a body is read, and how an answer is written."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from proms.instruments import incoming
from proms.parsers import TooLarge
from proms.problems import Problem

FHIR_JSON = "application/fhir+json"


class FhirRenderer(JSONRenderer):
    """Writes a resource under FHIR's own media type."""

    media_type = FHIR_JSON


class FhirParser(BaseParser):
    """Reads a resource; refuses what is too large, too deep, ambiguous, or no text."""

    media_type = FHIR_JSON

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        content = stream.read(incoming.LARGEST + 1)
        if len(content) > incoming.LARGEST:
            raise TooLarge(f"The body is over {incoming.LARGEST // 1_000_000} MB.")
        try:
            document = incoming.document(content)
            # What JSON can carry and an answer cannot: half characters, and numbers like 1e999.
            json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        except UnicodeEncodeError:
            raise Problem("The text has half a character (a lone surrogate).") from None
        except ValueError as error:
            raise Problem(str(error)) from None
        return document


class JsonParser(FhirParser):
    """Reads a resource that its sender calls plain JSON."""

    media_type = "application/json"
