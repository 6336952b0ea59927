"""How names are compared and kept: one spelling for what people see as the same. Pure."""

import re
import unicodedata

INVISIBLE = {"Cc", "Cf"}  # categories; steering characters and marks of writing direction
LEGAL_FORM = (
    r"[㈜㈱]|\( ?[주株] ?\)|^주\)|주식회사|\( ?유 ?\)|유한(?:책임)?회사|co\.?,? ?ltd\.?|(?<![a-z])inc(?![a-z])\.?"
)


def clean(text: str) -> str:
    """Composed Hangul, ordinary digits and letters for full-width ones, single spaces, no invisible signs."""
    if not text.isprintable():  # most names are, and rosters have many
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    text = re.sub("[！-～　]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def company_key(name: str) -> str:
    """What two spellings of one firm share: legal form, spaces and case do not tell firms apart."""
    bare = re.sub(LEGAL_FORM, "", clean(name).casefold())
    return re.sub(r"[\s.,]", "", bare) or clean(name)
