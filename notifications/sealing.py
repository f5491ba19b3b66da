"""Columns whose values are sealed in the database, and the keyed hash that finds them."""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

_NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value was sealed by an unknown key, for another place, or was changed."""


class Sealed(str):
    """What the database holds: the key's id, and nonce and cipher text in base64."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<sealed with {self.partition(':')[0]}>"


def seal(plain: str, *, place: str) -> Sealed:
    """Seal with the active key. Only the same `place` can open it again."""
    key_id, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(_NONCE_BYTES)
    box = nonce + _cipher(key).encrypt(nonce, plain.encode(), place.encode())
    return Sealed(f"{key_id}:{b64encode(box).decode()}")


def unseal(sealed: str, *, place: str) -> str:
    """Open what `seal` made for the same place.

    :raises CannotOpen: if the key is not held, or the value is not from that place.
    """
    key_id, _, text = sealed.partition(":")
    key = _keys().get(key_id)
    if key is None:
        raise CannotOpen(f"{place}: no key {key_id!r} in SEALING_KEYS")
    try:
        box = b64decode(text, validate=True)
        plain = _cipher(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen(f"{place}: changed, or sealed for another place") from None
    return plain.decode()


def lookup_hash(value: str, *, purpose: str) -> str:
    """Return the hash by which a sealed value is found; another purpose gives another hash."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(settings.LOOKUP_KEY, message, hashlib.sha256).hexdigest()


class SealedAttribute(DeferredAttribute):
    """Opens a value when it is first read: only then is the row's key known."""

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed):
            value = self.field.open(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.Field):
    """Plain on the instance, sealed in its column, for its table, column and row."""

    descriptor_class = SealedAttribute

    def get_internal_type(self) -> str:
        return "TextField"

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        plain = getattr(model_instance, self.attname)
        if plain is None:
            return None
        return seal(self.to_text(plain), place=self.place(model_instance))

    def open(self, sealed: Sealed, instance: models.Model) -> Any:
        return self.from_text(unseal(sealed, place=self.place(instance)))

    def place(self, instance: models.Model) -> str:
        """Name table, column and row: a value copied elsewhere does not open there."""
        return f"{self.model._meta.db_table}.{self.column}.{instance.pk}"

    def to_text(self, plain: Any) -> str:
        return str(plain)

    def from_text(self, text: str) -> Any:
        return text

    def from_db_value(self, value: str | None, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self} is sealed: set it on the instance and save() that")
        return str(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        return self.get_prep_value(value)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Let no expression write a plain value past `pre_save`."""
        if hasattr(value, "as_sql"):
            raise TypeError(f"{self} is sealed: an expression cannot write it")
        return "%s"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self} is sealed: find the row by its lookup_hash")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise TypeError(f"{self} is sealed: SQL cannot look inside")


class SealedTextField(SealedField, models.TextField):
    """A text, sealed."""


class SealedJSONField(SealedField, models.JSONField):
    """A JSON value, sealed."""

    def to_text(self, plain: Any) -> str:
        return json.dumps(plain, ensure_ascii=False)

    def from_text(self, text: str) -> Any:
        return json.loads(text)


def _keys() -> Mapping[str, bytes]:
    keys: Mapping[str, bytes] = settings.SEALING_KEYS
    return keys


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
