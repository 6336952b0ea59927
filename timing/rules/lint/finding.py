"""One thing that the linter has to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where; `grave`: such rules cannot be put in force, else they may be meant so."""

    grave: bool
    where: str
    korean: str
    english: str

    def __str__(self) -> str:
        level = "오류 / error" if self.grave else "주의 / warning"
        return f"[{level}] {self.where}: {self.korean} / {self.english}"


def error(where: str, korean: str, english: str) -> Finding:
    return Finding(True, where, korean, english)


def warning(where: str, korean: str, english: str) -> Finding:
    return Finding(False, where, korean, english)


def doubled(words: list[str]) -> list[str]:
    """The words that stand more than once, each once.

    >>> doubled(["a", "b", "a", "a"])
    ['a']
    """
    return [word for word in dict.fromkeys(words) if words.count(word) > 1]
