"""How texts are compared and kept: one canonical form for what people see as the same. Pure.

Whatever groups people (firm, team, category, wave, sex) or names them is compared by the keys of this module, and nowhere by its text.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations, pairwise

INVISIBLE = {"Cc", "Cf"}  # categories; steering characters and marks of writing direction
KOREAN_FORM = re.compile(
    r"\([주株유사재]\)|^주\)|주식회사|유한(?:책임)?회사|사단법인|재단법인"
)  # of a name without spaces
ENGLISH_FORM = re.compile(
    r"(?<![a-z])(?:co\.?,? ?ltd|co\.|inc|ltd|llc|corp|corporation|incorporated|limited)(?![a-z])\.?"
)
WHOLE = re.compile(r"(?<=\d)\.0+(?=k|킬로)")
KILOMETRES = re.compile(r"(?<=\d)(?:km|k|킬로미터|킬로)(?![a-z])")
GROUP_WORD = re.compile(r"(?<=.)(?:부문|코스|부|조|팀|반|course|team|group|wave)$")
SEXES = {
    "M": "m male 남 남자 남성 남성부 남자부 ♂ 1 3",
    "F": "f female w 여 여자 여성 여성부 여자부 ♀ 2 4",
}  # digits as in resident numbers
SEX_OF = {word: sex for sex, words in SEXES.items() for word in words.split()}
AS_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"')
AS_TEXT = re.compile(r"'(?P<quoted>.*)'|'(?![a-z])(?P<rest>.+)", re.DOTALL)  # 't Hooft is a name
TYPO_LEAST = 8
"""Jamo or letters of the shortest texts of which one more, less or other is taken for a slip: three syllables."""
COMPARED_MOST = 400
"""Texts among which slips are looked for pair by pair."""


def clean(text: str) -> str:
    """Composed Hangul, ordinary digits and letters for full-width ones, single spaces, no invisible signs."""
    if not text.isprintable():  # most names are, and rosters have many
        text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    text = re.sub("[！-～　]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def unwrapped(cell: str) -> str:
    """A cell without the signs that keep spreadsheets from taking it for a number.

    >>> unwrapped('="0102"'), unwrapped("'0102"), unwrapped("'t Hooft"), unwrapped('=""')
    ('0102', '0102', "'t Hooft", '')
    """
    if found := AS_FORMULA.fullmatch(cell):
        return found[1].replace('""', '"').strip()
    if found := AS_TEXT.fullmatch(cell):
        return (found["quoted"] or found["rest"] or "").strip()
    return cell


def group_key(text: str) -> str:
    """What the spellings of one group share: spaces, case, width, kind of dash and the unit of a distance do not tell groups apart.

    >>> sorted({group_key(text) for text in ("10km", "10 K", "10㎞", "１０Km", "10킬로", "10.0 km")})
    ['10km']
    >>> group_key("개발 1팀") == group_key("개발1팀"), group_key("3–5") == group_key("3-5"), group_key("1팀") == group_key("2팀")
    (True, True, False)
    """
    return _group_key(text)


@lru_cache(maxsize=8_192)  # rosters say the same few again and again
def _group_key(text: str) -> str:
    dashed = "".join("-" if unicodedata.category(c) == "Pd" or c == "−" else c for c in _joined(text))
    return KILOMETRES.sub("km", WHOLE.sub("", dashed))


def company_key(name: str) -> str:
    """What two spellings of one firm share: legal form, spaces, case and full stops do not tell firms apart.

    >>> sorted({company_key(name) for name in ("가람전자", "㈜ 가람 전자", "(주)가람전자", "가람전자 주식회사", "( 주 )가람전자")})
    ['가람전자']
    """
    folded = _folded(name)
    bare = KOREAN_FORM.sub("", re.sub(r"[\s,]", "", ENGLISH_FORM.sub("", folded)))
    return bare.replace(".", "") or group_key(name)


def name_key(name: str) -> str:
    """What two spellings of one person's name share: a Hangul name is the same with spaces and without.

    >>> name_key("김 하 나") == name_key("김하나"), name_key("Hana  KIM") == name_key("Hana Kim"), name_key("An Na") == name_key("Anna")
    (True, True, False)
    """
    folded = _folded(name)
    return _joined(folded) if _is_hangul(folded) else folded


def same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: spelled otherwise, or with a slip in one letter or syllable.

    >>> same_name("김하늘", "김 하늘"), same_name("김하늘", "김하눌"), same_name("Hana Kim", "Hanna Kim"), same_name("김하늘", "박도윤")
    (True, True, True, False)
    """
    mine, its = (unicodedata.normalize("NFD", name_key(name)) for name in (one, other))
    return mine == its or (bool(mine and its) and _edits(mine, its) <= 1)


def _edits(one: str, other: str) -> int:
    """How many letters or jamo are put in, left out or put in place of others, at the least."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, its in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != its))
    return row[-1]


def _folded(text: str) -> str:
    """Without case and compatibility forms; once more, since the one brings forth the other for a few letters."""
    for _ in range(2):
        text = clean(unicodedata.normalize("NFKC", clean(text).casefold()).casefold())
    return text


def _joined(text: str) -> str:
    """Folded, and without spaces; folded again, since letters that come together may compose."""
    return _folded(re.sub(r"\s", "", _folded(text)))


def sex_of(text: str) -> str:
    """`M` or `F` for the words of offices, also with an explanation; any other word stays as it is.

    >>> sex_of("여성 (Female)"), sex_of("남/M"), sex_of("d"), sex_of("남/여"), sex_of("♀")
    ('F', 'M', 'd', '남/여', 'F')
    """
    if found := SEX_OF.get(group_key(text)):
        return found
    said = [SEX_OF.get(group_key(piece)) for piece in re.split(r"[(\[/)\]]", clean(text)) if piece]
    return said[0] if said and said[0] and {*said} <= {said[0], None} else clean(text)


@lru_cache(maxsize=8192)
def field_key(field: str, text: str) -> str:
    """What two spellings share in this field of a person: `company`, `sex`; any other is a group's name.

    >>> [field_key(field, text) for field, text in (("company", "㈜ 가람"), ("sex", "남"), ("sex", "D"), ("wave", "1 조"))]
    ['가람', 'm', 'd', '1조']
    """
    if field == "company":
        return company_key(text)
    return group_key(sex_of(text) if field == "sex" else text)


def look_alike(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """Texts of different groups that may be one all the same: they differ in punctuation, leading zeros, a word like `팀`, or a slip.

    Each group once, its texts in order; nobody joins them without asking.

    >>> look_alike(["1조", "01조", "1", "2조", "5", "5km", "개발팀", "계발팀", "A팀", "B팀", "개발1팀", "개발2팀"])
    [('01조', '1', '1조'), ('5', '5km'), ('개발팀', '계발팀')]
    """
    spelled: dict[str, str] = {}
    for text in texts:
        if clean(text):
            spelled.setdefault(group_key(text), clean(text))
    parent = {key: key for key in spelled}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for one, other in _alike_pairs(list(spelled)):
        parent[root(one)] = root(other)
    found = defaultdict(list)
    for key in spelled:
        found[root(key)].append(spelled[key])
    return sorted(tuple(sorted(group)) for group in found.values() if len(group) > 1)


def _alike_pairs(keys: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of keys to ask about."""
    by_core = defaultdict(list)
    for key in keys:
        by_core[_core(key)].append(key)
    for same in by_core.values():
        yield from pairwise(same)
    if len(keys) <= COMPARED_MOST:
        spread = {key: unicodedata.normalize("NFD", key) for key in keys}
        yield from (pair for pair in combinations(keys, 2) if _one_slip(spread[pair[0]], spread[pair[1]]))


def _core(key: str) -> str:
    """A key without punctuation, leading zeros and the word that says what kind of group it is."""
    letters = "".join(c for c in key if unicodedata.category(c)[0] in "LNM").removeprefix("코스")
    letters = re.sub(r"(?<=\d)km$", "", letters)
    bare = re.sub(r"(?<!\d)0+(?=\d)", "", GROUP_WORD.sub("", letters))
    return bare or letters or key


def _one_slip(one: str, other: str) -> bool:
    """Whether two spread-out texts differ in one jamo or letter; a digit, or a letter that stands alone, is no slip."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < TYPO_LEAST or len(other) - len(one) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    same_rest = one[at:] == other[at + 1 :] if len(one) < len(other) else one[at + 1 :] == other[at + 1 :]
    if not same_rest:
        return False
    changed = {*one[at : at + 1], *other[at : at + 1]} if len(one) == len(other) else {other[at]}
    return all(_is_slippery(letter) for letter in changed) and not _stands_alone(other, at)


def _is_slippery(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM"


def _stands_alone(text: str, at: int) -> bool:
    """Whether a Latin letter has no Latin letter beside it: `A팀` and `B팀` are two."""
    latin = [
        text[place : place + 1].isascii() and text[place : place + 1].isalpha()
        for place in (max(at - 1, 0), at, at + 1)
    ]
    return latin[1] and not (latin[0] and at > 0) and not latin[2]


def _is_hangul(text: str) -> bool:
    return any("가" <= c <= "힣" for c in text)
