"""The log up to a position, or as received until an instant, for commands with `--as-of`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, TypeVar

import click

from timing.errors import WrongUse
from timing.language import N_, _
from timing.log import Log
from timing.race.instants import Instant, instant
from timing.race.records import Recorded

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class AsOf:
    """Where to stop reading: after this position, or before the first fact that was received later."""

    position: int | None = None
    until: Instant | None = None


class AsOfParam(click.ParamType[AsOf]):
    """A position of the log, or an ISO 8601 instant with its UTC offset."""

    name = "N|INSTANT"

    def convert(self, value: str | AsOf, param: click.Parameter | None, ctx: click.Context | None) -> AsOf:
        if isinstance(value, AsOf):
            return value
        try:
            return AsOf(position=int(value)) if value.isascii() and value.isdecimal() else AsOf(until=instant(value))
        except ValueError as wrong:
            self.fail(str(_("neither a position nor an instant: {wrong}", wrong=wrong)), param, ctx)


def as_of_option(command: F) -> F:
    """Adds `--as-of N|INSTANT`."""
    option = click.option(
        "--as-of",
        type=AsOfParam(),
        help=N_("as the log stood: a position or an instant"),
    )
    return option(command)


def facts_as_of(log: Log, as_of: AsOf | None) -> Iterator[Recorded]:
    """The facts that the log held then, in order; all of them without `as_of`.

    Raises:
        WrongUse: the position is beyond the log's end.
    """
    if as_of is None:
        return log.read()
    position, until = as_of.position, as_of.until
    if position is None:
        return takewhile(lambda fact: until is None or fact.received_at <= until, log.read())
    end = log.head().seq
    if position > end:
        raise WrongUse(
            _("the log ends at position {end}; there is no position {position} yet", end=end, position=position),
        )
    return takewhile(lambda fact: fact.pos <= position, log.read())
