"""Definitions from outside: parsed, held against the schema and against themselves."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import jsonschema

from proms.instruments import contradictions, documents, incoming
from proms.instruments.contradictions.problems import Problem
from proms.instruments.definition import Definition
from proms.instruments.schema import schema


class InvalidDefinition(ValueError):
    """A document that is no definition, with every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def parse(content: bytes) -> Definition:
    """Return the definition in a JSON file.

    :raises InvalidDefinition: naming the JSON path and the cure of each problem.
    """
    return validated(_document(content))


def validated(document: Any) -> Definition:
    """Return the definition in a document, checked as `parse` does."""
    _raise(_shape_problems(document))
    _raise(_option_set_problems(document))
    definition = documents.read(document)
    _raise(contradictions.find(definition))
    return definition


def _document(content: bytes) -> Any:
    try:
        return incoming.document(content)
    except incoming.InvalidFile as error:
        _raise([Problem(error.place, error.problem, error.cure or "Check what the file is")])


def _shape_problems(document: Any) -> list[Problem]:
    errors = sorted(_validator().iter_errors(document), key=lambda error: error.json_path)
    return [_problem(error) for error in errors]


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def _problem(error: jsonschema.ValidationError) -> Problem:
    deepest = jsonschema.exceptions.best_match([error])
    message = deepest.message if len(deepest.message) < 200 else f"{deepest.message[:200]} ..."
    meaning = deepest.schema.get("description", "") if isinstance(deepest.schema, dict) else ""
    return Problem(deepest.json_path, message, f"Expected: {meaning or 'see the exported schema'}")


def _option_set_problems(document: Any) -> list[Problem]:
    """Return shared options that are named but do not exist, or are doubled by own ones."""
    shared = document.get("option_sets", {})
    problems = []
    for place, item in enumerate(document["items"]):
        name = item.get("option_set")
        if name and name not in shared:
            known = ", ".join(shared) or "none"
            path = f"$.items[{place}].option_set"
            problems.append(Problem(path, f"there is no option set {name}", f"There are: {known}"))
        if name and "options" in item:
            path = f"$.items[{place}].options"
            problems.append(Problem(path, "the item has an option set too", "Keep one of the two"))
    return problems


def _raise(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise InvalidDefinition(found)
