"""The rules of judgement and ranking as data: keys, values and defaults of `rules.toml`; unknown keys are errors.

Rules stand in the log without what is default: a key may come, and a default never changes.
"""

import math
import tomllib
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from timing.errors import WrongUse
from timing.language import _
from timing.race.instants import Rounding
from timing.race.rules.faults import fault_of, unparsed

Basis = Literal["net", "gun"]
Ties = Literal["share", "arrival"]
Seconds = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Members = Annotated[int, Meta(ge=1)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Counted = Literal["finished", "started", "registered"]
TieStep = Literal[
    "best_first", "each_in_turn", "next", "but_last", "head_to_head", "more_finishers", "earlier_last", "shared"
]
"""Asked in the order written. `next` compares the first who does not count (a group without one is behind), `but_last` the sum
without the last who does, `head_to_head` what first, second, ... bring (`by`): whoever wins more duels beats the other group."""
HEADS = ("count", "share", "donation")
"""The ways to combine that count people and need no time."""


class Mix(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A division by who makes up the team: any of these compositions, each so many of a sex (`{M = 2, F = 2}`)."""

    name: Name
    of: Annotated[tuple[dict[str, Members], ...], Meta(min_length=1)]


class GroupRule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One ranking of companies or teams: who counts, how many, what is summed, how ties break."""

    name: Name
    group: Literal["company", "team"]
    division: Literal["all", "sex", "category", "size"] = "all"
    pick: Members = 3
    by: Literal["net", "gun", "place"] = "net"
    combine: Literal["sum", "average", "nth", "together", "count", "share", "donation"] = "sum"
    tie: TieStep | tuple[TieStep, ...] = "shared"
    incomplete: Literal["omit", "last"] = "omit"
    ignore: tuple[str, ...] = ()
    window_s: Seconds | None = None
    """Of `together`: from the first to the pick-th of a run."""
    who: Counted = "finished"
    """Of `count`, `share` and `donation`: whose heads are counted. `started`: whoever has finished or is DNF once all is over."""
    won_per_km: Annotated[int, Meta(ge=0)] = 0
    """Of `donation`: won for each counted person and kilometre of the course."""
    teams: Literal["one", "many"] = "one"
    """Several teams of one group, formed from its best who are left; nobody is in two."""
    mix: tuple[Mix, ...] = ()
    """Divisions by composition instead of `division` and `pick`."""
    displace: Members | None = None
    """Of places: they are given anew among complete groups, to so many members of each (cross-country's 7 of 5)."""
    only_sex: tuple[str, ...] = ()
    only_category: tuple[str, ...] = ()
    only_wave: tuple[str, ...] = ()
    min_members: Annotated[int, Meta(ge=0)] = 0
    """Groups with fewer people entered are left out."""
    max_members: Annotated[int, Meta(ge=0)] = 0
    """Groups with more people entered are left out; 0: however many there are."""
    bands: tuple[Members, ...] = ()
    """Of `division = "size"`: the least number of employees of each next band, in order."""
    name_en: str = ""
    """The name on English pages; `name` where there is none."""

    @property
    def tie_steps(self) -> tuple[TieStep, ...]:
        """What is tried in order when scores are equal."""
        return self.tie if isinstance(self.tie, tuple) else (self.tie,)

    @property
    def size_bands(self) -> list[str]:
        """The names of the lists by size, small companies first: `1-99`, `100-999`, `1000-`."""
        starts = [1, *self.bands]
        return [f"{least}-{most - 1}" for least, most in pairwise(starts)] + [f"{starts[-1]}-"]


class AgeGroup(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A category by age on race day, both ends included; `sex` empty: for everybody."""

    name: Name
    least: Annotated[int, Meta(ge=0, le=150)] = 0
    most: Annotated[int, Meta(ge=0, le=150)] = 150
    sex: str = ""


class Prize(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who is honoured: the first `places` of a ranking; winners of the prizes in `unless` are passed over.

    `ranking` is `overall`, `sex`, `category` or the name of a group ranking; `division` one of its lists (empty: each of them).
    """

    name: Name
    ranking: Name
    division: str = ""
    places: Members = 3
    unless: tuple[str, ...] = ()


class Rules(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How scans become passings, times and places."""

    basis: Basis = "net"
    ties: Ties = "share"
    missing_start: Literal["gun", "unranked", "guard"] = "gun"
    """`guard`: everybody ranks by gun time until enough finishers have a start of their own (`start_coverage`)."""
    rounding: Rounding = "up"
    category_within: Literal["sex", "all"] = "sex"
    start_window_s: Seconds | None = None
    min_finish_s: Seconds | None = None
    min_run_s: Seconds | None = None
    """A finish sooner after the own start is not plausible."""
    start_coverage: Share = 0.98
    """The share of finishers whose start was seen below which an alarm is raised."""
    uncertainty_ms: Annotated[float, Meta(ge=0)] = 0
    """How far an instant may be off; closer times are marked for a look at the picture."""
    doubtful_ms: Annotated[float, Meta(ge=0)] | None = None
    """Scans of a station whose clock is more uncertain than this do not count."""
    uncounted_start: Literal["hold", "gun"] | None = None
    """Whose start was seen and cannot count: `hold` gives no time until officials rule, `gun` lets the gun stand in all the same.

    Left out, a live race holds, and files that were timed elsewhere (`marathon score`) have the gun.
    """
    ranking: tuple[GroupRule, ...] = ()
    age_group: tuple[AgeGroup, ...] = ()
    prize: tuple[Prize, ...] = ()


def rules_from(settings: object, where: str) -> Rules:
    """Read rules from parsed TOML; `where` names the file in the error.

    Raises:
        WrongUse: an unknown key, a value that the key does not take, or keys that contradict each other.
    """
    rules = _shaped(settings, where)
    for number, rule in enumerate(rules.ranking, 1):
        if rule.combine == "together" and rule.window_s is None:
            raise WrongUse(
                _(
                    "{where}: ranking {number} {name!r}: `together` needs window_s",
                    where=where,
                    number=number,
                    name=rule.name,
                ),
            )
    return rules


def rules_of(text: str, where: str) -> Rules:
    """Read rules from the text of a `rules.toml`; `where` names the file in the error.

    Raises:
        WrongUse: it is no TOML, or as `rules_from`.
    """
    return rules_from(_parsed(text, where), where)


def draft_of(text: str, where: str) -> Rules:
    """As `rules_of`, but keys may contradict each other: that is for the linter to say, all at once.

    Raises:
        WrongUse: it is no TOML, an unknown key, or a value that the key does not take.
    """
    return _shaped(_parsed(text, where), where)


def _parsed(text: str, where: str) -> object:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:  # nested a thousandfold
        raise WrongUse(_("{where} is no TOML: {wrong}", where=where, wrong=unparsed(wrong))) from wrong


def _shaped(settings: object, where: str) -> Rules:
    try:
        rules = msgspec.convert(settings, Rules)
    except msgspec.ValidationError as wrong:
        raise WrongUse(_("{where}: the rules are wrong: {wrong}", where=where, wrong=fault_of(str(wrong)))) from wrong
    numbers = [*msgspec.structs.asdict(rules).values(), *(rule.window_s for rule in rules.ranking)]
    if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
        # TOML knows `inf`, the log's JSON does not: such a rule would be stored as no rule at all.
        raise WrongUse(_("{where}: `inf` is no value; leave the key out", where=where))
    return rules
