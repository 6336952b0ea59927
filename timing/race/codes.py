"""The code in a bib's QR: ten random base-32 characters and a check character inside an upper-case URL."""

import re
from typing import Final, NewType

from timing.race.chance import Bits, system_bits

Code = NewType("Code", str)
"""Eleven characters: ten random ones (50 bits) and the check character."""

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread or spell words
RANDOM_CHARACTERS: Final = 10
BITS_PER_CHARACTER: Final = 5
LOOK_ALIKES: Final = str.maketrans("OIL", "011")
URL: Final = re.compile(rf"(?:HTTPS?://[^/\s]+/B/)?([{ALPHABET}]{{{RANDOM_CHARACTERS + 1}}})", re.IGNORECASE | re.ASCII)


def new_code(bits: Bits = system_bits) -> Code:
    """Draw a random code of 50 bits."""
    drawn = bits(RANDOM_CHARACTERS * BITS_PER_CHARACTER)
    characters = "".join(ALPHABET[drawn >> shift & 31] for shift in range(45, -1, -BITS_PER_CHARACTER))
    return Code(characters + check_character(characters))


def check_character(characters: str) -> str:
    """The check character: a weighted sum in the field of 32 elements (weights are powers of x, modulo x^5 + x^2 + 1).

    Every single wrong character and every swap of two different characters changes it.
    """
    total = 0
    for character in reversed(characters):
        total = _times_x(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled


def read_code(text: str) -> Code | None:
    """Find the code in what a camera read: our URL on any host, or the bare code. None for anything else."""
    found = URL.fullmatch(text)
    return _checked(found[1].upper()) if found else None


def typed_code(text: str) -> Code | None:
    """Read a code that a person typed: spaces, hyphens, lower case and look-alike letters are forgiven."""
    characters = re.sub(r"[\s-]", "", text).upper().translate(LOOK_ALIKES)
    return read_code(characters)


def _checked(characters: str) -> Code | None:
    ours = check_character(characters[:RANDOM_CHARACTERS]) == characters[RANDOM_CHARACTERS]
    return Code(characters) if ours else None


def bib_url(host: str, code: Code) -> str:
    """The text of a bib's QR: upper case, so that it fits QR's compact alphanumeric mode."""
    return f"HTTPS://{host.upper()}/B/{code}"


def firm_url(host: str, company: str) -> str:
    """The text of a firm's own QR, upper case too; empty for an id that the compact mode cannot hold."""
    return f"HTTPS://{host.upper()}/C/{company.upper()}" if host and re.fullmatch(r"\w+", company, re.ASCII) else ""


def for_practice(host: str) -> bool:
    """Whether the host has a top-level domain reserved for tests (RFC 2606), so that no phone can open it."""
    return host.upper().endswith((".TEST", ".INVALID", ".EXAMPLE"))


def printed(code: Code) -> str:
    """The code as people read it under the QR: `7K3MX-Q2WAB-H`."""
    return f"{code[:5]}-{code[5:10]}-{code[10:]}"
