"""What a definition and its copy in another format differ in, part by part: the honest report."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from proms.instruments import documents
from proms.instruments.definition import Definition, Licence

Parts = dict[str, Any]


@dataclass(frozen=True)
class Exported:
    """A file in another format, and the parts of the definition that it does not hold."""

    content: bytes
    left_out: tuple[str, ...]


def exported(
    definition: Definition, content: bytes, read: Callable[[bytes], Definition]
) -> Exported:
    """Return an export, its report made by reading it back."""
    return Exported(content, report(differences(definition, read(content))))


def structure(definition: Definition) -> str:
    """Return all of a definition but its words and its licence, to be compared."""
    silent = _in_language(definition, "")
    any_licence = Licence(holder="any", wording="own")
    own = replace(silent, version="1", languages=(), licence=any_licence)
    kept = {
        path: part
        for path, part in parts(own).items()
        if not path.startswith("option_sets/")
        and not path.endswith(("/option_set", "/instructions"))
    }
    return json.dumps(kept, sort_keys=True)


def in_language(definition: Definition, language: str) -> Definition:
    """Return a definition with its texts in one language only."""
    alone: Definition = _in_language(definition, language)
    return replace(alone, languages=(language,))


def _in_language(value: Any, language: str) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {f.name: _in_language(getattr(value, f.name), language) for f in fields(value)}
        return replace(value, **kept)
    if isinstance(value, tuple):
        return tuple(_in_language(part, language) for part in value)
    if not isinstance(value, Mapping):
        return value
    if value and all(isinstance(part, str) for part in value.values()):
        return {key: text for key, text in value.items() if key == language}
    return {key: _in_language(part, language) for key, part in value.items()}


def differences(definition: Definition, copy: Definition) -> Parts:
    """Return the parts that a copy lacks or has otherwise; None where it has too much."""
    wanted, found = parts(definition), parts(copy)
    changed = {
        path: value for path, value in wanted.items() if path not in found or found[path] != value
    }
    return changed | {path: None for path in found if path not in wanted}


def report(paths: Iterable[str]) -> tuple[str, ...]:
    """Return paths in words, those of many items or options as one.

    >>> report(["items/a/title", "items/b/title", "scales"])
    ('title of 2 items', 'scales')
    """
    counted: dict[str, set[str]] = {}
    for path in paths:
        kind, _, rest = path.partition("/")
        owner, _, field = rest.partition("/")
        name = field.split("/")[-1] if kind == "items" and field else path
        of = " of options in" if "/" in field else " of"
        counted.setdefault(f"{name}{of}" if kind == "items" and field else path, set()).add(owner)
    return tuple(
        f"{name} {len(owners)} items" if name.endswith((" of", " in")) else name
        for name, owners in counted.items()
    )


def parts(definition: Definition) -> Parts:
    """Return a definition's parts by path; items and options by code, shared options written out.

    The reverse is `document`.
    """
    alone = replace(
        definition,
        option_sets={},
        items=tuple(replace(item, option_set="") for item in definition.items),
    )
    written = documents.write(alone)
    found = {name: value for name, value in written.items() if name != "items"}
    used = {item.option_set for item in definition.items}
    shared = documents.write(definition).get("option_sets", {})
    found |= {f"option_sets/{name}": own for name, own in shared.items() if name not in used}
    found["items"] = [item.code for item in definition.items]
    for item, own in zip(definition.items, written["items"], strict=True):
        found |= _item_parts(f"items/{item.code}", own)
        if item.option_set:
            found[f"items/{item.code}/option_set"] = item.option_set
    return found


def _item_parts(path: str, item: Mapping[str, Any]) -> Parts:
    found = {f"{path}/{name}": value for name, value in item.items() if name != "options"}
    if "options" in item:
        found[f"{path}/options"] = [option["code"] for option in item["options"]]
    for option in item.get("options", ()):
        at = f"{path}/options/{option['code']}"
        found |= {f"{at}/{name}": value for name, value in option.items()}
    return found


def document(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a definition's parts; a part that is None is left out."""
    tree = _tree({path: value for path, value in found.items() if value is not None})
    tree["items"] = [_item(tree["items"].get(code, {})) for code in found["items"]]
    shared: dict[str, Any] = tree.pop("option_sets", {})
    for item in tree["items"]:
        name = item.get("option_set")
        if name and shared.setdefault(name, item["options"]) == item.pop("options"):
            continue
        if name:
            raise ValueError(f"the option set {name} differs from item to item")
    return {**tree, "option_sets": shared} if shared else tree


def _item(item: dict[str, Any]) -> dict[str, Any]:
    if "options" not in item:
        return item
    options = item["options"]
    order = options.pop("")
    return {**item, "options": [options[code] for code in order]}


def _tree(found: Parts) -> dict[str, Any]:
    """Return nested names; a list that stands beside its members' parts has the name ""."""
    tree: dict[str, Any] = {}
    for path, value in found.items():
        if path == "items":
            tree.setdefault("items", {})
            continue
        *owners, name = path.split("/")
        place = tree
        for owner in owners:
            place = place.setdefault(owner, {})
        if name == "options" and len(owners) == 2:
            place.setdefault("options", {})[""] = value
        else:
            place[name] = value
    return tree
