"""Spare bibs: printed with a number and code of their own, worn by nobody until somebody says who. Pure."""

from timing.race.codes import Code
from timing.race.fold import Race


def free_spare(race: Race, number: int) -> Code | None:
    """The code of a printed spare that nobody has; None where there is no such spare, or somebody has it."""
    code = race.office.spares.get(number)
    return None if code is None or code in race.holders else code


def spare_of(race: Race, code: str) -> int | None:
    """The number of the spare that bears this code and that nobody has yet."""
    return next((number for number, one in race.office.spares.items() if one == code and one not in race.holders), None)
