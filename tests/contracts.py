"""What an OpenAPI document promises, held against what is really said; knows the document alone."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


@dataclass(frozen=True)
class Operation:
    """One thing that may be asked for."""

    method: str
    path: str
    told: Mapping[str, Any]

    def matches(self, method: str, path: str) -> bool:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.path))
        return self.method == method and re.fullmatch(pattern, path) is not None


class Document:
    """An OpenAPI document, read as somebody does who has nothing else."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        self.operations = [
            Operation(method.upper(), path, operation)
            for path, methods in told["paths"].items()
            for method, operation in methods.items()
        ]

    def named(self, operation_id: str) -> Operation:
        (found,) = (one for one in self.operations if one.told["operationId"] == operation_id)
        return found

    def misfit(self, operation: Operation, status: int, body: bytes) -> str:
        """What about an answer is not as promised; empty where all is."""
        promised = operation.told["responses"].get(str(status))
        if promised is None:
            return f"{operation.path} answers {status}, which is not told"
        if "content" not in promised:
            return f"{operation.path} answers {status} with a body" if body else ""
        content = promised["content"].get("application/json")
        if content is None:
            return ""
        return (
            f"{operation.path} {status}: {wrong}" if (wrong := self.wrong(json.loads(body), content["schema"])) else ""
        )

    def body_schema(self, operation: Operation) -> Mapping[str, Any]:
        found: Mapping[str, Any] = operation.told["requestBody"]["content"]["application/json"]["schema"]
        return found

    def wrong(self, value: Any, schema: Mapping[str, Any]) -> str:
        """Why a value does not fit a schema: the parts of JSON Schema that msgspec writes, and no others."""
        if "$ref" in schema:
            return self.wrong(value, self.told["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            each = [self.wrong(value, one) for one in schema["anyOf"]]
            return "" if "" in each else f"{value!r} is none of: {each}"
        if "enum" in schema:
            return "" if value in schema["enum"] else f"{value!r} is none of {schema['enum']}"
        kind = schema.get("type")
        if kind == "null":
            return "" if value is None else f"{value!r} is not null"
        if kind and (not isinstance(value, TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
            return f"{value!r} is no {kind}"
        return self._too_far(value, schema) or self._inside(value, schema)

    def _too_far(self, value: Any, schema: Mapping[str, Any]) -> str:
        size = len(value) if isinstance(value, str | list) else value
        for least, most in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
            if (least in schema and size < schema[least]) or (most in schema and size > schema[most]):
                return f"{value!r} is out of bounds"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{value!r} does not match {schema['pattern']}"
        return ""

    def _inside(self, value: Any, schema: Mapping[str, Any]) -> str:
        if isinstance(value, list):
            first, others = schema.get("prefixItems", []), schema.get("items") or {}
            if schema.get("items") is False and len(value) > len(first):
                return f"{value!r} is too long"
            inner = [(one, first[at] if at < len(first) else others) for at, one in enumerate(value)]
        elif isinstance(value, dict):
            lacking = {*schema.get("required", ())} - {*value}
            told, others = schema.get("properties", {}), schema.get("additionalProperties", {})
            unknown = {*value} - {*told} if others is False else set[str]()
            if lacking or unknown:
                return f"{value!r} lacks {lacking}, has {unknown}"
            inner = [(one, told.get(key, others)) for key, one in value.items()]
        else:
            return ""
        return next(filter(None, (self.wrong(one, kind) for one, kind in inner)), "")


@contextmanager
def held_to_its_word(app: FastAPI) -> Iterator[ASGIApp]:
    """The app; at the end, every answer that it gave must have been one that its document promises."""
    document, broken = Document(app.openapi()), list[str]()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        status, body = 0, b""

        async def sent(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            body += message.get("body", b"")
            await send(message)

        await app(scope, receive, sent)
        asked = (one for one in document.operations if one.matches(scope["method"], scope["path"]))
        broken.extend(wrong for one in asked if (wrong := document.misfit(one, status, body)))

    yield watched
    assert not broken, broken
