"""One thing that the linter has to say."""

from dataclasses import dataclass

from timing.language import Text, _


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What is wrong, and where; `grave`: such rules cannot be put in force, else they may be meant so."""

    grave: bool
    where: str
    text: Text

    def __str__(self) -> str:
        level = str(_("error")) if self.grave else str(_("warning"))
        return f"[{level}] {self.where}: {self.text}"


def error(where: str, text: Text) -> RuleFinding:
    return RuleFinding(True, where, text)


def warning(where: str, text: Text) -> RuleFinding:
    return RuleFinding(False, where, text)


def doubled(words: list[str]) -> list[str]:
    """The words that stand more than once, each once.

    >>> doubled(["a", "b", "a", "a"])
    ['a']
    """
    return [word for word in dict.fromkeys(words) if words.count(word) > 1]
