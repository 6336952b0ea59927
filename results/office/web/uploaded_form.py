"""A form with files (`multipart/form-data`, RFC 7578), read up to a size limit."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import unquote

from starlette.requests import Request

from timing.web.bodies import body_within

UPLOAD_MOST: Final = 20_000_000
"""Bytes of a form with all its files."""
PARTS_MOST: Final = 50
"""Fields and files of a form."""
BOUNDARY: Final = re.compile(r'multipart/form-data\s*;.*?boundary="?([^";,]{1,70})"?', re.IGNORECASE)
NAME: Final = re.compile(rb'[; ]name="([^"]*)"')
FILE: Final = re.compile(rb'[; ]filename="([^"]*)"')


class UploadedForm(NamedTuple):
    """The fields, and the files with their names, of those that hold anything; `too_much` where it was not read."""

    fields: Mapping[str, str] = {}
    files: tuple[tuple[str, bytes], ...] = ()
    too_much: bool = False


async def uploaded_form(request: Request) -> UploadedForm:
    """What the form of a request sent; nothing for what is no such form."""
    found = BOUNDARY.match(request.headers.get("content-type", ""))
    body = await body_within(request.stream(), UPLOAD_MOST)
    boundary = b"\r\n--" + found[1].encode() if found else b""
    if body is None or (boundary and (b"\r\n" + body).count(boundary) > PARTS_MOST + 1):
        return UploadedForm(too_much=True)
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    for head, content in _parts(body, boundary) if boundary else ():
        name, file = NAME.search(head), FILE.search(head)
        if file and content:
            files.append((_text(file[1]), content))
        elif name and not file:
            fields[_text(name[1])] = content.decode("utf-8", "replace").strip()
    return UploadedForm(fields, tuple(files))


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The headers and the content of each part; the boundary stands in no content."""
    for part in (b"\r\n" + body).split(boundary)[1:]:
        if part.startswith(b"--"):
            return
        head, empty_line, content = part.partition(b"\r\n\r\n")
        if empty_line:
            yield head, content


def _text(written: bytes) -> str:
    """A name as browsers write it: UTF-8, with quotes and line ends as %22, %0D, %0A."""
    return re.sub("%(?:22|0A|0D)", lambda sign: unquote(sign[0]), written.decode("utf-8", "replace"))
