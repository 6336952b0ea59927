"""Texts for people, in their language: English in the source, Korean from the catalogue (`locale/ko`, gettext).

`_("{firm} has {n} runners", firm=firm, n=n)` is a `Text`: it becomes a sentence where somebody reads it, in the language spoken
there. In the Korean of the catalogue a placeholder may ask for its particle, `{firm:은/는}`, or say a wave, `{wave:조}`.
"""

import gettext
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Final, Literal

from timing.particles import PAIRS, wave_word, with_particle

Language = Literal["ko", "en"]
Spoken = Language | Literal["both"]
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")
CATALOGUES: Final = Path(__file__).parent / "locale"
BOTH: Final = "both"
"""Korean and English beside each other, as on bibs and on the big screen."""


@dataclass(frozen=True)
class Text:
    """A translatable sentence, translated when it is shown.

    `msgid` is the English with `{name}` for each parameter, `plural` the same for other numbers than one.
    """

    msgid: str
    params: tuple[tuple[str, Any], ...] = ()
    plural: str = ""
    number: int = 1

    def to(self, language: Language) -> str:
        """In this language, texts among the parameters too; other words where the reader has others."""
        if not self.msgid:
            return ""
        if other := _WORDS.get().get(self.msgid):
            return replace(other, params=self.params, number=self.number).to(language)
        found = _catalogue(language)
        pattern = found.ngettext(self.msgid, self.plural, self.number) if self.plural else found.gettext(self.msgid)
        if not self.params:
            return pattern
        with speaking(language):
            return _FORMATTER.vformat(pattern, (), dict(self.params))

    def filled(self, **params: Any) -> "Text":
        """The same sentence with these parameters, such as one that stands in a table."""
        return replace(self, params=tuple(params.items()))

    def __str__(self) -> str:
        language = spoken()
        return bilingual(self) if language == BOTH else self.to(language)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@dataclass(frozen=True)
class TextPair(Text):
    """A text that came to us in both languages, such as a race's name or what a server answered."""

    korean: str = ""

    def to(self, language: Language) -> str:
        return self.korean if language == "ko" else self.msgid


def pair(korean: str, english: str) -> Text:
    """A text whose two languages are known already."""
    return TextPair(english, korean=korean)


def _(msgid: str, /, **params: Any) -> Text:
    """A text to be translated; the extractor of the catalogue looks for this name."""
    return Text(msgid, tuple(params.items()))


def verbatim(text: object) -> Text:
    """A text that is the same in every language: a number, a version, the empty text."""
    return pair(str(text), str(text))


NOTHING: Final = verbatim("")
"""No words."""


def N_(msgid: str, /) -> str:
    """Marks a text for the catalogue that is translated later, such as an option's help."""
    return msgid


def ngettext(one: str, many: str, number: int, /, **params: Any) -> Text:
    """A text that depends on a number, which is its parameter `n` too."""
    return Text(one, (("n", number), *params.items()), many, number)


def warning(text: Text) -> Text:
    """The text with a warning sign before it."""
    return Text("⚠ {text}", (("text", text),))


def listed(texts: Iterable[Text], between: str = ", ") -> Text:
    """Several texts joined, without empty ones."""
    return Text("{all}", (("all", _Listed(tuple(texts), between)),))


@dataclass(frozen=True)
class _Listed:
    texts: tuple[Text, ...]
    between: str

    def __str__(self) -> str:
        return self.between.join(filter(None, map(str, self.texts)))

    def __format__(self, spec: str) -> str:
        return str(self)


def bilingual(text: Text) -> str:
    """Korean / English, independent of the current language; once where both are the same or one is empty."""
    return " / ".join(dict.fromkeys(filter(None, (text.to(language) for language in LANGUAGES))))


def english_beside(text: Text) -> str:
    """The English to show beside the Korean; empty where both are the same, as of many names."""
    english = text.to("en")
    return "" if english == text.to("ko") else english


def spoken() -> Spoken:
    """The current language: of the page being rendered, else of the process."""
    return _SPOKEN.get() or _of_the_process()


def one_language() -> Language:
    """The current language where there is room for one only: Korean if it is both."""
    language = spoken()
    return "ko" if language == BOTH else language


@contextmanager
def speaking(language: Spoken) -> Iterator[None]:
    """Within this block texts become sentences of this language."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


@contextmanager
def wording(instead: Mapping[str, Text]) -> Iterator[None]:
    """Within this block texts of these `msgid`s are said by other words, with the same parameters: to whoever has no terminal."""
    token = _WORDS.set(instead)
    try:
        yield
    finally:
        _WORDS.reset(token)


def speak(language: str) -> None:
    """Choose the language of the process and of those that it starts, as `--lang` does."""
    os.environ["MARATHON_LANG"] = language
    _of_the_process.cache_clear()
    speak_through_click()


def speak_through_click() -> None:
    """Let click, whose own words go by gettext's default domain, say them in the language of the process too.

    gettext looks for that language in `LANGUAGE`. Where both are spoken click speaks English.
    """
    gettext.bindtextdomain("click", str(CATALOGUES))
    gettext.textdomain("click")
    os.environ["LANGUAGE"] = "ko" if _of_the_process() == "ko" else "en"


def language_of(environment: Mapping[str, str]) -> Spoken:
    """The language of `MARATHON_LANG`, else of the locale: Korean for `C` and `POSIX`, English for any other language."""
    names = ("MARATHON_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next((environment[name] for name in names if environment.get(name)), "").lower()
    if asked == BOTH:
        return BOTH
    return "ko" if asked.startswith("ko") or asked.partition(".")[0] in ("", "c", "posix") else "en"


@cache
def _of_the_process() -> Spoken:
    return language_of(os.environ)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation("marathon", CATALOGUES, [language], fallback=language == "en")


class _WithParticles(Formatter):
    """Formats as `str.format` does; `은/는` puts the particle that the value asks for behind it, `조` says a wave."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec.startswith("조"):
            value, format_spec = wave_word(str(value)), format_spec.removeprefix("조")
        if format_spec in PAIRS:
            return with_particle(str(value), format_spec)
        return super().format_field(value, format_spec)


_FORMATTER: Final = _WithParticles()
_SPOKEN: Final[ContextVar[Spoken | None]] = ContextVar("spoken", default=None)
_WORDS: Final[ContextVar[Mapping[str, Text]]] = ContextVar("words", default=MappingProxyType({}))
