"""What a feature adds to the board; the front door plugs features in, and the board knows none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import APIRouter

from results.board.site import Section
from results.board.snapshot import Snapshot

Heads = Mapping[str, str]
"""A request's headers, names in lower case."""
Landing = Callable[[str, str, Heads], str]
"""From a scanned bib's code, its firm and the request's headers to the query that follows the firm's page in the redirect."""


def lands_plainly(code: str, company: str, headers: Heads) -> str:
    """No query."""
    return ""


class ShownBoard(Protocol):
    """What a feature may ask of the running board."""

    @property
    def snapshot(self) -> Snapshot: ...
    def bib_of(self, code: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """A feature's routes, and what it adds to the redirect of a phone that scanned a bib."""

    router: APIRouter
    landing: Landing = lands_plainly


class Plug(Protocol):
    """A feature of one race."""

    def now(self) -> Section:
        """What it shows now; equal to the last one while nothing changed."""
        ...

    def doors(self, board: ShownBoard) -> Doors:
        """Its routes on the board's server."""
        ...


def landing_of(doors: Sequence[Doors]) -> Landing:
    """The queries of all features in one."""

    def query(code: str, company: str, headers: Heads) -> str:
        told = [one.landing(code, company, headers) for one in doors]
        return f"?{'&'.join(filter(None, told))}" if any(told) else ""

    return query
