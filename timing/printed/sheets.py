"""Sheets of results as plain data: what is printed, exported and put on a page, in the words in which people read it. Pure."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from timing.language import Text
from timing.race.instants import Span


class Clocked(NamedTuple):
    """A race time as it is published, and as measured; `exact` says the latter where the published one hides an order.

    `shown` is the published time as a length: rounded as the rules say, in microseconds.
    """

    text: str
    shown: Span
    measured: Span
    exact: str = ""


Cell = str | int | Clocked | None


class Column(NamedTuple):
    """A column's heading, and its share of a sheet's width."""

    title: Text
    share: float
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """One list: everybody, or one ranking of groups. Each row has a cell for each column."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheets:
    """All lists of a race at one position of its log, and what must stand beside them.

    `facts` say what the results rest on, `legend` explains the words in the cells; `note` is a signed checkpoint that covers
    these results, or empty, and `covered` how many facts it covers.
    """

    race: Text
    state: Text
    facts: tuple[Text, ...]
    tables: tuple[Table, ...]
    legend: tuple[Text, ...]
    note: str = ""
    covered: int = 0


def text_of(cell: Cell) -> str:
    """A cell in a word: the exact time where the published one would hide an order."""
    match cell:
        case None:
            return ""
        case Clocked(text=text, exact=exact):
            return exact or text
        case _:
            return str(cell)
