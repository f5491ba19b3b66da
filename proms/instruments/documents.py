"""Definitions to and from JSON documents, field by field as the classes say."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from proms.instruments.definition import Definition
from proms.instruments.items import Item

Document = Mapping[str, Any]


def read(document: Document) -> Definition:
    """Return the definition that a document of valid shape holds (see `checking.parse`)."""
    definition: Definition = _read(Definition, _with_shared_options(document))
    return definition


def write(definition: Definition) -> dict[str, Any]:
    """Return the document of a definition; defaults are left out."""
    document: dict[str, Any] = _write(definition)
    return document


def digest(definition: Definition) -> str:
    """Return the SHA-256 of a definition, the same for the same content on any machine."""
    canonical = json.dumps(write(definition), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _with_shared_options(document: Document) -> Document:
    shared = document.get("option_sets", {})
    items = [
        {**item, "options": shared[item["option_set"]]} if item.get("option_set") else item
        for item in document["items"]
    ]
    return {**document, "items": items}


@cache
def hints(cls: type) -> dict[str, Any]:
    """Return the type of each field, without what it says about itself."""
    return get_type_hints(cls)


def members(union: object) -> tuple[Any, ...]:
    """Return the types that a union joins, None apart."""
    return tuple(member for member in get_args(union) if member is not NoneType)


def is_union(kind: object) -> bool:
    """Whether a type is written `X | Y`."""
    return get_origin(kind) in (Union, UnionType)


def tag(cls: type) -> str:
    """Return the `kind` by which a class is told from the others of its union."""
    return str(get_args(hints(cls)["kind"])[0])


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if is_union(kind):
        return _read_union(members(kind), value)
    if is_dataclass(kind) and isinstance(kind, type):
        known = hints(kind)
        return kind(**{name: _read(known[name], part) for name, part in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], part) for part in value)
    if get_origin(kind) is Mapping:
        return {key: _read(get_args(kind)[1], part) for key, part in value.items()}
    return float(value) if kind is float else value


def _read_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if len(kinds) == 1:
        return _read(kinds[0], value)
    if isinstance(value, Mapping):
        return _read(next(kind for kind in kinds if tag(kind) == value["kind"]), value)
    return value


def _write(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _write(getattr(value, f.name)) for f in fields(value) if _said(value, f)}
    if isinstance(value, tuple):
        return [_write(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _write(part) for key, part in value.items()}
    return value


def _said(owner: object, field: "Field[Any]") -> bool:
    """Whether a field must be written: not at its default, and not filled from a shared set."""
    value = getattr(owner, field.name)
    if field.name == "options" and isinstance(owner, Item) and owner.option_set:
        return False
    if field.default_factory is not MISSING:
        return bool(value != field.default_factory())
    always = field.name == "kind" or field.default is MISSING
    return always or bool(value != field.default)
