"""How names are shown in public: masked by default, in full for whoever agreed. Pure."""

import re
import unicodedata

from timing.race.known_names import Names

SYLLABLES = re.compile(r"[가-힣\u4e00-\u9fff]+")  # hanja names are as long as Hangul ones


def public_name(names: Names, entrant: str) -> str:
    """An entrant's name as it is shown in public; empty where it was erased or never given."""
    name = names.people.get(entrant, "")
    return unicodedata.normalize("NFC", name).strip() if entrant in names.open else masked(name)


def masked(name: str) -> str:
    """A name masked for the public: the first and last syllable stay, other names become initials.

    >>> masked("김하늘"), masked("김솔"), masked("남궁하늘"), masked("Jane Mary Doe"), masked("")
    ('김*늘', '김*', '남**늘', 'J.M.D.', '')
    """
    name = unicodedata.normalize("NFC", name).strip()
    if SYLLABLES.fullmatch(name.replace(" ", "")):
        syllables = name.replace(" ", "")
        hidden = "*" * max(len(syllables) - 2, 1)
        return syllables[0] + hidden + (syllables[-1] if len(syllables) > 2 else "")
    return "".join(f"{word[0].upper()}." for word in name.split())
