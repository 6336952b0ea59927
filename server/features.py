"""The features: parts of the product that can be deleted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from timing.language import Text, _

if TYPE_CHECKING:
    from results.board.plugs import Plug
    from timing.folder import OpenRace
    from timing.store.low_priority_writer import LowPriorityWriter


class Feature(NamedTuple):
    """A part of the board that can be deleted: its package with a `plug` and a command, and the command's line in the list."""

    package: str
    command: str
    line: Text


FEATURES: tuple[Feature, ...] = (
    # deleting a feature is deleting its folder and its line here
    Feature("results.spectators", "vote", _("spectators' vote on QR designs")),
)


def plugs_of(opened: OpenRace, low_priority_writer: LowPriorityWriter | None = None) -> list[Plug]:
    """The features' additions to a race's board; their visitors' data is written by `low_priority_writer`."""
    return [import_module(f"{one.package}.plug").plug(opened, low_priority_writer) for one in FEATURES]
