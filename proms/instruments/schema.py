"""The JSON Schema of definitions, generated from the classes that they are read into."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from proms.instruments.definition import Definition
from proms.instruments.documents import is_union, members, tag
from proms.instruments.fields import LANGUAGE, Says

Schema = dict[str, Any]
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) that every definition must satisfy."""
    definitions: dict[str, Schema] = {}
    root = _of(Definition, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Utfall instrument definition",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _of(kind: Any, known: dict[str, Schema]) -> Schema:
    if get_origin(kind) is Annotated:
        plain, *said = get_args(kind)
        return {**_of(plain, known), **_limits(plain, said[0])}
    if is_union(kind):
        return _any_of(kind, known)
    if is_dataclass(kind) and isinstance(kind, type):
        return _reference(kind, known)
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    return _collection(kind, known)


def _collection(kind: Any, known: dict[str, Schema]) -> Schema:
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _of(get_args(kind)[0], known)}
    if get_origin(kind) is Mapping:
        names = {"propertyNames": {"pattern": LANGUAGE}} if get_args(kind)[1] is str else {}
        return {"type": "object", "additionalProperties": _of(get_args(kind)[1], known), **names}
    return {"type": _PLAIN[kind]}


def _any_of(kind: Any, known: dict[str, Schema]) -> Schema:
    if all(is_dataclass(member) for member in members(kind)) and len(members(kind)) > 1:
        return _tagged(members(kind), known)
    options = [_of(member, known) for member in members(kind)]
    if type(None) in get_args(kind):
        options.append({"type": "null"})
    return {"anyOf": options}


def _tagged(classes: tuple[Any, ...], known: dict[str, Schema]) -> Schema:
    """Return a choice by `kind`: unlike anyOf it names the fault inside the kind that was meant."""
    chosen = [
        {"if": {"properties": {"kind": {"const": tag(cls)}}}, "then": _reference(cls, known)}
        for cls in classes
    ]
    kinds = {"enum": [tag(cls) for cls in classes]}
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": kinds},
        "allOf": chosen,
    }


def _reference(cls: type, known: dict[str, Schema]) -> Schema:
    if cls.__name__ not in known:
        known[cls.__name__] = {}
        known[cls.__name__] = _object(cls, known)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _object(cls: type, known: dict[str, Schema]) -> Schema:
    hints = get_type_hints(cls, include_extras=True)
    required = [
        field.name
        for field in fields(cls)
        if field.name == "kind" or (field.default is MISSING and field.default_factory is MISSING)
    ]
    return {
        "type": "object",
        "description": (cls.__doc__ or "").split("\n")[0],
        "properties": {field.name: _of(hints[field.name], known) for field in fields(cls)},
        "required": required,
        "additionalProperties": False,
    }


def _limits(kind: Any, said: Says) -> Schema:
    """Return what a field says about itself, in JSON Schema's words."""
    limits: Schema = {"description": said.meaning}
    array = get_origin(kind) is tuple
    if said.pattern and array:
        limits["items"] = {"type": "string", "pattern": said.pattern}
    elif said.pattern:
        limits["pattern"] = said.pattern
    if said.minimum is not None:
        limits["minimum"] = said.minimum
    if said.above is not None:
        limits["exclusiveMinimum"] = said.above
    if said.filled:
        limits["minItems" if array else "minLength"] = 1
    return limits
