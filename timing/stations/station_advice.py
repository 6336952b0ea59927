"""How a station is in one word and one sentence: what is wrong with it, and what to do. Pure."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from timing.language import Text, _, ngettext
from timing.race.instants import SECOND, Instant, between, clock_face
from timing.stations.list import DAMAGED, FORKED, JUMPED, PENDING, REVOKED, SET_ASIDE, SILENT, StationLine
from timing.stations.station_warnings import StationWarning, warnings

StationCondition = Literal["alarm", "notice", "well", "closed", "waiting"]
CONDITIONS: Final[dict[StationCondition, Text]] = {
    "alarm": _("trouble"),
    "notice": _("look"),
    "well": _("well"),
    "closed": _("closed"),
    "waiting": _("waiting"),
}
SAID_OF_LOG: Final = (
    (FORKED, _("its outbox says another history than the log, as after a copied disk: stop it, let another laptop stand there, and have `marathon log quarantine` looked at")),
    (SET_ASIDE, _("items of it count for nothing: look at them below, or with `marathon rule review`")),
    (JUMPED, _("its clock or the server's jumped: say whose with `marathon rule jump`")),
    (DAMAGED, _("its disk was damaged and the outbox went on anew: let another laptop stand by")),
    (REVOKED, _("it has no token any more: `marathon station add NAME --again` gives it one")),
)  # fmt: skip
"""The warnings that the log or the office's own list gives, each with its remedy."""


class StationAdvice(NamedTuple):
    """How a station is; `more` is what else is wrong, less gravely."""

    condition: StationCondition
    text: Text
    more: tuple[Text, ...] = ()


def advice(line: StationLine, now: Instant) -> StationAdvice:
    """What to say of a station, the gravest first; of one that is silent or closed its last heartbeat says nothing any more."""
    found = [StationWarning("log", "alarm", text) for warning, text in SAID_OF_LOG if warning in line.warnings]
    found += _missing(line, now)
    if line.heard and not line.closed and SILENT not in line.warnings:
        found += warnings(line.heard.status)
    found.sort(key=lambda one: one.level != "alarm")
    if found:
        worst, *more = found
        return StationAdvice(worst.level, worst.text, tuple(one.text for one in more))
    if line.closed:
        return StationAdvice("closed", _("it said that it is done, and everything has arrived"))
    if line.heard is None:
        return StationAdvice("waiting", _("not heard of yet: start it there, with its token and this server's address"))
    return StationAdvice("well", _("all well"))


def _missing(line: StationLine, now: Instant) -> Iterator[StationWarning]:
    """Items that have not come, and heartbeats."""
    if SILENT in line.warnings and line.heard:
        ago = clock_face(between(line.heard.at, max(now, line.heard.at)), "down")
        yield StationWarning(
            "silent", "alarm",
            _("silent for {ago}: see whether its laptop is on and has network; what it reads is kept there and comes later", ago=ago),
        )  # fmt: skip
    if PENDING in line.warnings:
        yield StationWarning(
            "pending", "alarm" if line.closed else "notice",
            ngettext(
                "{n} item has not arrived: leave the laptop on and in the network",
                "{n} items have not arrived: leave the laptop on and in the network",
                line.pending,
            ),
        )  # fmt: skip


def heard_ago(line: StationLine, now: Instant) -> Text:
    """When a station was last heard of."""
    if line.heard is None:
        return _("never heard")
    seconds = max(0, now - line.heard.at) // SECOND
    return _("heard {n} s ago", n=seconds) if seconds < 120 else _("heard {n} min ago", n=seconds // 60)
