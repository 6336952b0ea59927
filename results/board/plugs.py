"""What a feature adds to the board from outside, as the front door plugs it in: the board itself knows no feature."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter

from results.board.site import Section
from results.board.snapshot import Snapshot

Heads = Mapping[str, str]
"""A request's headers, names in lower case."""
Landing = Callable[[str, str, Heads], str]
"""Of a scanned bib: its code, its firm and the request's headers; gives what follows the firm's page in the address."""


def lands_plainly(code: str, company: str, headers: Heads) -> str:
    """Nothing follows."""
    return ""


class ShownBoard(Protocol):
    """What a feature may ask the running board."""

    @property
    def snapshot(self) -> Snapshot: ...
    def bib_of(self, code: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Where a feature is spoken to: its routes, and what it wants to know of a phone that scanned a bib."""

    router: APIRouter
    landing: Landing = lands_plainly


class Plug(Protocol):
    """A feature of one race."""

    def now(self) -> Section:
        """What it shows; the same object while nothing changed."""
        ...

    def doors(self, board: ShownBoard) -> Doors:
        """Open its doors on the board's server."""
        ...


def landing_of(doors: Sequence[Doors]) -> Landing:
    """What all of them want to know, one after the other."""

    def query(code: str, company: str, headers: Heads) -> str:
        told = [one.landing(code, company, headers) for one in doors]
        return f"?{'&'.join(filter(None, told))}" if any(told) else ""

    return query
