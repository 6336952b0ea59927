"""The rules of judgement and ranking as data: keys, values and defaults of `rules.toml`; unknown keys are errors."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from timing.errors import WrongUse
from timing.instants import Rounding

Basis = Literal["net", "gun"]
Ties = Literal["share", "arrival"]
Seconds = Annotated[float, Meta(ge=0)]


class GroupRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One ranking of companies or teams: who counts, how many, what is summed, how ties break."""

    name: str
    group: Literal["company", "team"]
    division: Literal["all", "sex"] = "all"
    pick: Annotated[int, Meta(ge=1)] = 3
    by: Literal["net", "gun", "place"] = "net"
    combine: Literal["sum", "average", "nth", "count"] = "sum"
    tie: Literal["shared", "best_first"] = "shared"
    incomplete: Literal["omit", "last"] = "omit"
    ignore: tuple[str, ...] = ()


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """How scans become passings, times and places."""

    basis: Basis = "net"
    ties: Ties = "share"
    missing_start: Literal["gun", "unranked"] = "gun"
    rounding: Rounding = "up"
    category_within: Literal["sex", "all"] = "sex"
    start_window_s: Seconds | None = None
    min_finish_s: Seconds | None = None
    ranking: tuple[GroupRule, ...] = ()


def rules_from(settings: object, where: str) -> Rules:
    """Read rules from parsed TOML; `where` names the file in the error.

    Raises:
        WrongUse: an unknown key, or a value that the key does not take.
    """
    try:
        return msgspec.convert(settings, Rules)
    except msgspec.ValidationError as wrong:
        raise WrongUse(f"{where}: 규칙이 잘못되었습니다: {wrong}", f"the rules are wrong: {wrong}") from wrong
