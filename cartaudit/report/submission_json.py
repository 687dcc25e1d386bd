"""A submission as JSON and back: a commissioner's edition embeds the reduced one instead of the workbook."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from cartaudit.model.answers import Scalar, Share, Status
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.submission import Response, Submission

FORMAT_VERSION = 1
_TAGGED = (Scalar, Scalar | None, ParameterScalar, ParameterScalar | None)


def render_submission(submission: Submission) -> bytes:
    """Write a submission as ASCII JSON in its own order; `parse_submission_json` reads it back without loss."""
    document = {"submission_version": FORMAT_VERSION, "submission": _encode(submission)}
    return f"{json.dumps(document, ensure_ascii=True, indent=1, allow_nan=False)}\n".encode("ascii")


def parse_submission_json(data: bytes) -> Submission:
    """Read a submission written by `render_submission`. Raises ValueError with what is wrong."""
    document = json.loads(data)
    if not isinstance(document, dict) or document.get("submission_version") != FORMAT_VERSION:
        raise ValueError("it is no submission of this version")
    try:
        submission: Submission = _decode(Submission, document["submission"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it does not have the form of a submission ({error})") from error
    return submission


def _encode(value: Any) -> Any:
    """Turn a value of the model into JSON; a mapping with other keys than text becomes a list of its values."""
    match value:
        case Share():
            return {"share": [value.numerator, value.denominator, value.period]}
        case Status():
            return {"status": value.value}
        case Enum():
            return value.value
        case date():
            return {"date": value.isoformat()}
        case Mapping() if all(isinstance(key, str) for key in value):
            return {key: _encode(item) for key, item in value.items()}
        case Mapping():
            return [_encode(item) for item in value.values()]
        case tuple() | list():
            return [_encode(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {f.name: _encode(getattr(value, f.name)) for f in fields(value)}
        case _:
            return value


def _decode(kind: Any, value: Any) -> Any:
    """Turn JSON into a value of a type of the model."""
    if kind in _TAGGED or kind is Any:
        return _untagged(value)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _decode(next(a for a in get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        return tuple(_decode(get_args(kind)[0], item) for item in value)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(kind, value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _decode(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(value["date"])
    if issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _mapping(kind: Any, value: Any) -> dict[Any, Any]:
    key, item = get_args(kind)
    if key is str:
        return {name: _decode(item, content) for name, content in value.items()}
    responses: list[Response] = [_decode(item, content) for content in value]
    return {(response.question, response.scope): response for response in responses}


def _untagged(value: Any) -> Any:
    """Read an answer back: numbers, truth values and texts as they are, the rest by its tag."""
    if isinstance(value, list):
        return tuple(_untagged(item) for item in value)
    if not isinstance(value, dict):
        return value
    if set(value) == {"status"}:
        return Status(value["status"])
    if set(value) == {"date"}:
        return date.fromisoformat(value["date"])
    if set(value) == {"share"}:
        numerator, denominator, period = value["share"]
        return Share(numerator=numerator, denominator=denominator, period=period)
    return {key: _untagged(item) for key, item in value.items()}
