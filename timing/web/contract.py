"""OpenAPI from the types that routes read and write, so that nothing is described twice.

`described` gives a route what it takes and answers, `document` puts the parts of all routes into one. Types are msgspec's structs
or dataclasses; FastAPI neither reads bodies nor writes answers here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

from timing.web.refusal import Refusal

REF: Final = "#/components/schemas/{name}"
PARTS: Final = "x-parts"
JSON: Final = "application/json"
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Media:
    """A body that is no JSON of ours: its media type. Several of them, where one or another comes, stand in a tuple."""

    type: str


@dataclass(frozen=True, slots=True)
class Secret:
    """A security scheme of OpenAPI, by its name in the document."""

    name: str
    scheme: Mapping[str, str]


def described(
    operation: str,
    answers: Mapping[int, tuple[str, Any]],
    refusals: Mapping[int, str] | None = None,
    body: Any = None,
    secrets: Iterable[Secret] = (),
    also: Iterable[Any] = (),
) -> Told:
    """The arguments that describe a route in OpenAPI.

    `answers` and `refusals` say when each status is answered, answers also with what type (None: without a body). `also` are types
    that stand within others unseen. A trailing `Secret("")` says that the secret is optional.
    """
    told = {**answers, **{status: (why, Refusal) for status, why in (refusals or {}).items()}}
    kinds = [*(kind for _, kind in told.values() if _is_ours(kind)), *([body] if _is_ours(body) else []), *also]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=REF)
    held = list(secrets)
    extra: Told = {
        "operationId": operation,
        PARTS: {"schemas": schemas, "securitySchemes": {one.name: dict(one.scheme) for one in held if one.name}},
        "security": [{one.name: []} if one.name else {} for one in held],
    }
    if body is not None:
        extra["requestBody"] = {"required": True, "content": _content(body)}
    responses = {status: _response(why, kind) for status, (why, kind) in told.items()}
    first = min(answers)
    return {"status_code": first, "response_class": Response, "responses": responses, "openapi_extra": extra}


def document(app: FastAPI) -> Told:
    """The app's OpenAPI document, with the parts of all its routes; made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
        )
        app.openapi_schema = _gathered(made)
    return app.openapi_schema


def _gathered(made: Told) -> Told:
    """Parts from the operations to where OpenAPI keeps them."""
    components = made.setdefault("components", {})
    for operation in (one for path in made["paths"].values() for one in path.values()):
        for kind, parts in operation.pop(PARTS, {}).items():
            components.setdefault(kind, {}).update(_readable(parts))
        if _is_fastapis(operation):
            del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):  # what does not fit is refused as everything else is
        components.get("schemas", {}).pop(name, None)
    return made


def _is_fastapis(operation: Told) -> bool:
    content = operation["responses"].get("422", {}).get("content", {}).get(JSON, {})
    return bool(content.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"))


def _is_ours(kind: Any) -> bool:
    return kind is not None and not isinstance(kind, Media | tuple)


def _response(why: str, kind: Any) -> Told:
    return {"description": why} if kind is None else {"description": why, "content": _content(kind)}


def _content(kind: Any) -> Told:
    if isinstance(kind, tuple):
        return {media: told for one in kind for media, told in _content(one).items()}
    if isinstance(kind, Media):
        return {kind.type: {"schema": {"type": "string", "contentMediaType": kind.type}}}
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=REF)
    return {JSON: {"schema": schema}}


def _readable(part: Any, key: str = "") -> Any:
    """Patterns as other languages write them (Python's end of a text is JavaScript's letter Z), docstrings without indentation."""
    if isinstance(part, dict):
        return {name: _readable(inner, name) for name, inner in part.items()}
    if isinstance(part, list):
        return [_readable(inner) for inner in part]
    if isinstance(part, str) and key == "pattern":
        return part.replace(r"\Z", "$")
    return cleandoc(part) if isinstance(part, str) and key == "description" else part
