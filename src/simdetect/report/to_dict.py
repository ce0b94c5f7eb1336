"""`ScanReport` <-> plain dictionaries, driven by the types in `model`: the two cannot drift apart.

Keys come in the order of the fields of the model (`schema` first), layers strongest first, all other mappings sorted.
Floats are rounded to `FLOAT_DIGITS` decimals, so that the last bits of a sum do not show.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from numbers import Integral, Real
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from simdetect.model import LAYERS, Layer, ScanReport

__all__ = ["FLOAT_DIGITS", "MalformedError", "decoded", "from_dict", "to_dict", "with_schema_first"]

FLOAT_DIGITS = 6
_MAX_DEPTH = 32  # of free-form parts; those that simdetect writes are four deep

Report = TypeVar("Report")
Decoder = Callable[[Any], Any]
Encoder = Callable[[Any], Any]
_PLACE_OF_LAYER = {layer: place for place, layer in enumerate(LAYERS)}


class MalformedError(ValueError):
    """A value does not have the type the report needs. where: path of the value, innermost key last."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where: list[str | int] = []

    def __str__(self) -> str:
        path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in reversed(self.where))
        return f"{path.lstrip('.')}: {self.problem}" if path else self.problem


# --- to plain values -----------------------------------------------------------------------------------------------


def to_dict(report: ScanReport) -> dict[str, Any]:
    """The report as dictionaries, lists, strings and numbers. Raises ValueError for NaN and infinity."""
    return with_schema_first(report)


def with_schema_first(report: Any) -> dict[str, Any]:
    """The same of any type of the model that says which schema it has."""
    kind: Any = type(report)
    plain = _encoder(kind)(report)
    return {"schema": plain.pop("schema"), **plain}


@cache
def _encoder(hint: Any) -> Encoder:
    """A function that makes a value of a type of the model plain. The type decides only what the value cannot: an int
    in a field of floats becomes a float."""
    if is_dataclass(hint):
        return _fields_of(cast(type[Any], hint))
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        encode = _encoder(next(arg for arg in args if arg is not type(None)))
        return lambda value: None if value is None else encode(value)
    if origin is tuple:
        item = _encoder(args[0])
        return lambda value: [item(element) for element in value]
    if hint in (int, str):
        return lambda value: value if type(value) is hint else _plain(value, hint)
    if hint is float:
        return lambda value: _rounded(value) if type(value) is float else _plain(value, hint)
    return lambda value: _plain(value, hint)


def _fields_of(cls: type[Any]) -> Encoder:
    hints = get_type_hints(cls)
    encoders = [(field.name, _encoder(hints[field.name])) for field in fields(cls)]
    return lambda value: {name: encode(getattr(value, name)) for name, encode in encoders}


def _plain(value: Any, hint: Any) -> Any:
    """A plain value, whatever it is."""
    if value is None:
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return _encoder(type(value))(value)
    if isinstance(value, Mapping):
        encode = _encoder((get_args(hint) or (Any, Any))[1])
        return {str(key): encode(value[key]) for key in sorted(value, key=_key_order)}
    if isinstance(value, tuple | list):
        encode = _encoder((get_args(hint) or (Any,))[0])
        return [encode(element) for element in value]
    return _scalar(value, is_float=float in (hint, *get_args(hint)))


def _key_order(key: Any) -> tuple[int, str]:
    return (_PLACE_OF_LAYER[key], "") if isinstance(key, Layer) else (len(LAYERS), str(key))


def _scalar(value: Any, is_float: bool) -> Any:
    if isinstance(value, str | bool):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Integral) and not is_float:
        return int(value)
    if isinstance(value, Real):
        return _rounded(float(value))
    raise TypeError(f"a report cannot hold {type(value).__name__}: {ascii(value)[:80]}")


def _rounded(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a report cannot hold the number {value}")
    return round(value, FLOAT_DIGITS) + 0.0  # + 0.0 turns -0.0 into 0.0


# --- from plain values ---------------------------------------------------------------------------------------------


def from_dict(data: Any) -> ScanReport:
    """The report that plain values describe. Raises MalformedError with the path of the first wrong value."""
    return decoded(ScanReport, data)


def decoded(kind: type[Report], data: Any) -> Report:
    """The same of any type of the model."""
    hint: Any = kind
    report: Report = _decoder(hint)(data)
    return report


@cache
def _decoder(hint: Any) -> Decoder:
    """A function that turns plain values into a type of the model, checking on the way."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return _decode_any
    if origin in (Union, types.UnionType):
        return _optional(_decoder(next(arg for arg in args if arg is not type(None))))
    if origin is tuple:
        return _tuple_of(_decoder(args[0]))
    if origin is Mapping:
        return _mapping_of(_decoder(args[0]), _decoder(args[1]))
    if hint in (bool, int, float, str):
        return {bool: _decode_bool, int: _decode_int, float: _decode_float, str: _decode_str}[hint]
    return _member_of(hint) if issubclass(hint, StrEnum) else _dataclass_of(hint)


def _found(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    kind = names.get(type(value), "a number")
    return kind if isinstance(value, dict | list | type(None)) else f"{kind} {ascii(value)[:60]}"


def _decode_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise MalformedError(f"expected true or false, found {_found(value)}")
    return value


def _decode_int(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MalformedError(f"expected a whole number of at least 0, found {_found(value)}")
    return value


def _decode_float(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise MalformedError(f"expected a number, found {_found(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise MalformedError("expected a finite number")
    return number


def _decode_str(value: Any) -> str:
    if not isinstance(value, str):
        raise MalformedError(f"expected a string, found {_found(value)}")
    return value


def _decode_any(value: Any, depth: int = 0) -> Any:
    """Free-form parts (tool, settings, run): arrays become tuples, as everything in a frozen result."""
    if depth > _MAX_DEPTH:
        raise MalformedError("nested too deeply")
    if isinstance(value, list):
        return tuple(_decode_any(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return {key: _decode_any(item, depth + 1) for key, item in value.items()}
    return value if value is None or isinstance(value, str | bool | int) else _decode_float(value)


def _optional(decode: Decoder) -> Decoder:
    return lambda value: None if value is None else decode(value)


def _at(key: str | int, decode: Decoder, value: Any) -> Any:
    try:
        return decode(value)
    except MalformedError as error:
        error.where.append(key)
        raise


def _tuple_of(decode: Decoder) -> Decoder:
    def decode_tuple(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise MalformedError(f"expected an array, found {_found(value)}")
        return tuple(_at(index, decode, item) for index, item in enumerate(value))

    return decode_tuple


def _mapping_of(decode_key: Decoder, decode: Decoder) -> Decoder:
    def decode_mapping(value: Any) -> dict[Any, Any]:
        labelled = [(ascii(key)[1:-1][:60], key, item) for key, item in _object(value).items()]
        return {_at(label, decode_key, key): _at(label, decode, item) for label, key, item in labelled}

    return decode_mapping


def _member_of(enum: type[StrEnum]) -> Decoder:
    members = {member.value: member for member in enum}

    def decode_member(value: Any) -> StrEnum:
        if not isinstance(value, str) or value not in members:
            raise MalformedError(f"expected one of {', '.join(members)}; found {_found(value)}")
        return members[value]

    return decode_member


def _dataclass_of(cls: type[Any]) -> Decoder:
    decoders = {name: _decoder(hint) for name, hint in get_type_hints(cls).items()}

    def decode_dataclass(value: Any) -> Any:
        items = _object(value)
        if items.keys() != decoders.keys():
            raise MalformedError(_wrong_keys(items, decoders))
        return cls(**{name: _at(name, decode, items[name]) for name, decode in decoders.items()})

    return decode_dataclass


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedError(f"expected an object, found {_found(value)}")
    return value


def _wrong_keys(items: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    missing = [name for name in expected if name not in items]
    if missing:
        return f"missing {', '.join(missing)}"
    unknown = [ascii(name)[:60] for name in items if name not in expected]
    return f"unknown field {', '.join(unknown[:5])}"
