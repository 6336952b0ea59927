"""Which part of a name a heading means, in any script and with any explanation beside it. Pure."""

import re

from timing.race.spelling import clean

WORDS = {
    "family": "성 성씨 姓 lastname familyname surname family last lname",
    "given": "명 名 firstname givenname givennames forename given first fname",
    "middle": "middlename middle middlenames middleinitial",
    "either": "이름 name",  # the whole name, or what is left of it beside the family name
    "whole": "성명 성함 fullname",
}
PART_OF = {word: part for part, words in WORDS.items() for word in words.split()}
SCRIPT = re.compile(r"한글|국문|영문|영어|한자|로마자|korean|english|romani[sz]ed|^eng(?=.)")
WHOSE = re.compile(r"^(?:참가자|선수|주자|participants?|runners?|athletes?|entrants?)(?:의|s)?(?=..|성$)")
BRACKETS = re.compile(r"[(\[<{](.*?)(?:[)\]>}]|$)")
LETTERS = re.compile("[^가-힣]"), re.compile("[^一-鿿]"), re.compile("[^a-z]")


def part_of(heading: str) -> str:
    """`family`, `given`, `middle`, `either`; empty for a heading that names none of them, or several.

    >>> [part_of(text) for text in ("성(한글)", "영문 성", "Last Name (as on passport)", "Name (First)", "이름 / First name")]
    ['family', 'family', 'family', 'given', 'given']
    >>> [part_of(text) for text in ("이름", "성/이름", "성명(성+이름)", "대회명", "참가자명", "성별", "First & Last Name")]
    ['either', '', '', '', '', '', '']
    """
    text = clean(heading).casefold()
    said, beside = _parts(BRACKETS.sub(" ", text)), _parts(" ".join(BRACKETS.findall(text)))
    if {"either", "whole"} & beside:
        return ""
    if said <= {"either", "whole"} and beside:
        said = beside
    said -= {"either"} if "given" in said else set()
    return next(iter(said)) if len(said) == 1 and "whole" not in said and beside <= said else ""


def _parts(text: str) -> set[str]:
    pieces = (other.sub("", piece) for piece in re.split(r"[/|+,&·]|\band\b", text) for other in LETTERS)
    return {part for piece in pieces if (part := PART_OF.get(WHOSE.sub("", SCRIPT.sub("", piece)), ""))}
