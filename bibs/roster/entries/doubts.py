"""Checks whether a text decoded as CP949 is Korean: other encodings decode as CP949 too, into odd syllables. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bibs.roster.files.encodings import KOREAN
from bibs.roster.table_rows import TableRow
from timing.language import Text, _
from timing.race.spelling import clean

FIRST, VOWELS, FINALS = 588, 28, 28
DOUBLED = {1, 4, 8, 10, 13}  # ㄲ ㄸ ㅃ ㅆ ㅉ
RARE_VOWELS = {3, 7, 10, 15, 19}  # ㅒ ㅖ(with most consonants) ㅙ ㅞ ㅢ
ORDINARY_FINALS = {0, 1, 4, 8, 16, 17, 19, 21}  # none ㄱ ㄴ ㄹ ㅁ ㅂ ㅅ ㅇ
FAMILIES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길"
    "연위표명기반왕라금옥육인맹제모탁국어은편용예경봉사부황복태목형피두감음빈동온호범좌팽승간상시갈단견당화창옹순계"
)
LONG_FAMILIES = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방", "어금", "망절")
FAMILIES_IN_HANJA = frozenset(
    "金李朴崔鄭姜趙尹張林韓吳申徐權黃安宋柳洪全高文孫梁裵裴白曺曹許南沈劉盧河丁成車具郭禹朱任羅田閔辛愼池陳嚴元蔡千方康玄孔咸卞楊廉邊呂秋都石宣薛馬吉"
    "魏表明奇房王琴玉陸印孟諸牟卓鞠殷片龍芮奉史夫皇太景卜邢桂皮杜陰賓董溫扈范左彭承尙尚簡南宮皇甫諸葛鮮于獨孤司空西門"
)
REMARKED = 10  # one odd text among so many is said
OTHERS = _("GBK, Big5, Shift-JIS, EUC-JP, Latin-1, Latin-2")


def doubt(header: TableRow, rows: Iterable[TableRow], columns: Mapping[str, int]) -> tuple[bool, Text] | None:
    """Whether a file read as CP949 is certainly not Korean, and the reason for the doubt; None if it looks Korean.

    Known headings in Hangul are proof: no other encoding gives them by chance.
    """
    if any("가" <= letter <= "힣" for at in columns.values() for letter in header.cells[at]):
        return None
    texts = {
        (clean(line.cells[at]), column == "name")
        for line in rows
        for column, at in columns.items()
        if column in ("company", "name", "team") and at < len(line.cells)
    }
    beyond = sorted((text, person) for text, person in texts if not text.isascii())
    odd = [text for text, person in beyond if not is_korean(text, person)]
    if REMARKED * len(odd) < len(beyond) or not odd:
        return None
    shown = ", ".join(f"`{text}`" for text in odd[:3])
    text = _(
        "read as Korean (CP949) it says {shown}; if it is another encoding ({others}) say `--encoding NAME`, if it is right `--encoding cp949`",
        shown=shown,
        others=OTHERS,
    )
    return len(odd) > 1 and 2 * len(odd) > len(beyond), text


def odd_cells(rows: Iterable[TableRow], columns: Sequence[int]) -> list[int]:
    """The numbers of rows with a rare syllable inside a Latin word, as a text in another encoding gives: `흒e`."""
    return [
        line.number
        for line in rows
        if any(_latin_inside(clean(line.cells[at])) for at in columns if at < len(line.cells))
    ]


def _latin_inside(text: str) -> bool:
    """Whether a syllable whose second byte is a Latin letter stands before another one: `Åse` read as Korean."""
    return any(_is_latin(after) and after.islower() and _swallows_latin(letter) for letter, after in pairwise(text))


def _swallows_latin(letter: str) -> bool:
    written = letter.encode(KOREAN, "ignore")
    return len(written) == 2 and written[1] < 128


def is_korean(text: str, person: bool = False) -> bool:
    """Whether a text looks like a Korean name of a firm or team, or of a person, wholly or in part.

    >>> [is_korean(text) for text in ("㈜가람전자", "펲시맨", "똠방상사", "大韓전자", "LG화학", "櫓菫繫祇", "빽槨세減")]
    [True, True, True, True, True, True, False]
    >>> [is_korean(text, True) for text in ("김하나", "샾하늘", "김똠", "鄭夏恩", "응우옌 반 안", "李하늘")]
    [True, True, True, True, True, True]
    >>> [is_korean(text, True) for text in ("珙鬼츠", "쟀컹", "흒e Berg", "ㆍ쨘ㅁ", "櫓菫繫")]
    [False, False, False, False, False]
    """
    if _latin_inside(text):
        return False
    words = [word for word in re.split(r"[^\w]+", text) if word and not word.isascii()]
    if not all(_fits_together(word, person) for word in words):
        return False
    syllables = [letter for letter in text if _kind(letter) == "hangul"]
    rare = sum(map(_is_rare, syllables))
    if person and text.startswith((*FAMILIES, *LONG_FAMILIES)):
        return rare < len(syllables)
    return 2 * rare < len(syllables) + (not person) or not rare


def _fits_together(word: str, person: bool) -> bool:
    """Whether Hangul and Hanja are combined as in a name: one part after the other, a person's family name first."""
    kinds = [_kind(letter) for letter in word]
    if "other" in kinds or (person and kinds[0] == "hanja" and word[0] not in FAMILIES_IN_HANJA):
        return False
    return sum({one, other} == {"hangul", "hanja"} for one, other in pairwise(kinds)) <= 1


def _kind(letter: str) -> str:
    if "가" <= letter <= "힣":
        return "hangul"
    if "CJK" in unicodedata.name(letter, ""):
        return "hanja"
    return "latin" if letter.isascii() or unicodedata.category(letter) in ("So", "Nd", "No") else "other"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _is_rare(letter: str) -> bool:
    """Whether this syllable is rare in names: by its doubled consonant, its vowel, or its final consonant."""
    if _kind(letter) != "hangul":
        return False
    number = ord(letter) - ord("가")
    first, vowel, final = number // FIRST, number % FIRST // VOWELS, number % FINALS
    return first in DOUBLED or vowel in RARE_VOWELS or final not in ORDINARY_FINALS
