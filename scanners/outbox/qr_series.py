"""A bundle as a series of QR codes: photographed from a screen in any order, it is whole again. Pure.

Each code says `GVB1:ID:n/N:` and its part in base 32, which a QR holds in its compact mode. The ID is the beginning of the
hash of the whole, so that series which lie in one folder do not mix.
"""

import base64
import hashlib
import lzma
import re
from collections.abc import Iterable, Iterator

from scanners.outbox.bundle import BYTES_MOST, BadBundle

PART = 1_400
"""Letters in a code: 117 modules at level M, which a phone and a webcam read from a screen."""
FORM = re.compile(r"GVB1:([0-9A-F]{12}):(\d{1,5})/(\d{1,5}):([A-Z2-7]+)")
NAMED_MOST = 20


def texts_of(data: bytes) -> list[str]:
    """The texts of the series, the first first."""
    packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
    letters = base64.b32encode(packed).decode().rstrip("=")
    parts = [letters[at : at + PART] for at in range(0, len(letters), PART)]
    name = hashlib.sha256(data).hexdigest()[:12].upper()
    return [f"GVB1:{name}:{number}/{len(parts)}:{part}" for number, part in enumerate(parts, 1)]


def data_of(texts: Iterable[str]) -> dict[str, bytes]:
    """What was cut, by the series' names; texts in any order, repeated, and among others that are none of ours.

    Raises:
        BadBundle: a series lacks codes, which are named, or is damaged.
    """
    found: dict[tuple[str, int], dict[int, str]] = {}
    for text in texts:
        if read := FORM.fullmatch(text):
            name, number, count, part = read.groups()
            found.setdefault((name, int(count)), {})[int(number)] = part
    _refuse_gaps(found)
    return {name: _joined(name, [parts[number] for number in sorted(parts)]) for (name, _), parts in found.items()}


def _refuse_gaps(found: dict[tuple[str, int], dict[int, str]]) -> None:
    for (name, count), parts in found.items():
        gone = [number for number in range(1, count + 1) if number not in parts]
        if gone:
            named = ", ".join(map(str, gone[:NAMED_MOST])) + (" …" if len(gone) > NAMED_MOST else "")
            raise BadBundle(
                f"QR {name}",
                f"{count}장 가운데 {named}번이 없거나 읽히지 않습니다({len(gone)}장). 다시 찍으세요",
                f"QR series {name}: of {count}, {len(gone)} missing or unreadable: {named}; photograph them again",
            )


def _joined(name: str, parts: list[str]) -> bytes:
    letters = "".join(parts)
    try:
        packed = base64.b32decode(letters + "=" * (-len(letters) % 8))
        data = b"".join(_unpacked(packed))
    except (ValueError, lzma.LZMAError, EOFError) as wrong:
        raise BadBundle(f"QR {name}", f"상했습니다({wrong})", f"QR series {name} is damaged ({wrong})") from wrong
    if hashlib.sha256(data).hexdigest()[:12].upper() != name:
        raise BadBundle(f"QR {name}", "상했습니다", f"QR series {name} is damaged")
    return data


def _unpacked(packed: bytes) -> Iterator[bytes]:
    """No further than a bundle may reach, and no more memory than packing took."""
    unpacking = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=256 * 2**20)
    yield unpacking.decompress(packed, BYTES_MOST)
    if not unpacking.eof:
        raise EOFError("cut off, or too large")
