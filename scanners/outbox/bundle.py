"""A station's whole outbox in one file: for stations without a network, byte for byte.

The same JSON stands plain, inside a zip, or cut over a series of QR codes; the last hash proves that nothing is missing.
"""

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct

from scanners.outbox.salvage import Salvaged
from scanners.protocol import ITEMS_MOST
from timing.errors import RaceError, Unreachable
from timing.language import Text, _
from timing.log import Log, Outcome
from timing.race.chain import ROOT, Batch, Head, link
from timing.race.encoding import from_json, in_json

BYTES_MOST = 64_000_000
"""Limit of an unpacked bundle, about 300,000 scans."""
INSIDE = "bundle.json"


class BundleBody(Struct, frozen=True, forbid_unknown_fields=True, tag="MarathonBundle/1"):
    """A lineage's items from the first on, facts as their canonical bytes and any others as base64, and the chain's hash after the last."""

    lineage: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
    race: str
    hash: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
    items: list[Raw]


class BadBundle(RaceError):
    """The file is damaged, or is no bundle."""

    def __init__(self, where: str, text: Text) -> None:
        super().__init__(_("{where}: {text}", where=where, text=text))


class Bundle(Struct, frozen=True):
    """A lineage, the race it belongs to, and all its items."""

    lineage: str
    race: str
    items: Sequence[bytes]

    def head(self) -> Head:
        hashed = ROOT
        for item in self.items:
            hashed = link(hashed, item)
        return Head(len(self.items), hashed)

    def batches(self) -> Iterator[Batch]:
        """All items, in batches of the size that a log accepts."""
        hashed = ROOT
        for first in range(0, len(self.items), ITEMS_MOST):
            part = self.items[first : first + ITEMS_MOST]
            yield Batch(self.lineage, first + 1, hashed, part)
            for item in part:
                hashed = link(hashed, item)


def bundle_of(outbox: Salvaged) -> Bundle:
    """Everything that an outbox ever kept; what the camera read beside it stays at the station."""
    return Bundle(outbox.lineage, outbox.race, [item.data for item in outbox.items])


def written(bundle: Bundle) -> bytes:
    """The bundle as JSON, each item's bytes unchanged inside."""
    items = [in_json(item) for item in bundle.items]
    return msgspec.json.encode(BundleBody(bundle.lineage, bundle.race, bundle.head().hash.hex(), items))


def zipped(data: bytes) -> bytes:
    """In a zip, the same bytes for the same bundle."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(zipfile.ZipInfo(INSIDE), data, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def read_bundle(data: bytes, where: str) -> Bundle:
    """The bundle in these bytes, plain or zipped; `where` names them in an error.

    Raises:
        BadBundle: it is no bundle, or it is damaged.
    """
    try:
        body = msgspec.json.decode(_unzipped(data, where), type=BundleBody)
        items = [from_json(item) for item in body.items]
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        raise BadBundle(where, _("no bundle of a station ({wrong})", wrong=wrong)) from wrong
    bundle = Bundle(body.lineage, body.race, items)
    if bundle.head().hash.hex() != body.hash:
        raise BadBundle(where, _("{where}: something is missing or changed; export it again", where=where))
    return bundle


def read_bundle_file(file: Path) -> Bundle:
    """The bundle in a file.

    Raises:
        BadBundle: as `read_bundle`.
        Unreachable: the file cannot be read.
    """
    try:
        if file.stat().st_size > BYTES_MOST:
            raise _too_large(str(file))
        return read_bundle(file.read_bytes(), str(file))
    except OSError as failure:
        raise Unreachable(_("{file}: cannot be read: {failure}", file=file, failure=failure)) from failure


class BundleResult(NamedTuple):
    """The result of a bundle: whether all of it was accepted (else some went to quarantine), and the items set aside."""

    whole: bool
    set_aside: list[int]


def take_in(log: Log, bundle: Bundle) -> BundleResult:
    """Append all items to a log; idempotent."""
    receipts = [log.receive(batch) for batch in bundle.batches()]
    whole = all(receipt.outcome is not Outcome.FORK for receipt in receipts)
    return BundleResult(whole, [seq for receipt in receipts for seq in receipt.set_aside])


def _unzipped(data: bytes, where: str) -> bytes:
    if not data.startswith(b"PK"):
        return data
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if archive.getinfo(INSIDE).file_size > BYTES_MOST:
                raise _too_large(where)
            with archive.open(INSIDE) as inside:
                return inside.read(BYTES_MOST)
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError) as wrong:
        raise BadBundle(where, _("no bundle of a station ({wrong})", wrong=wrong)) from wrong


def _too_large(where: str) -> BadBundle:
    return BadBundle(where, _("{where} is too large for a bundle", where=where))
