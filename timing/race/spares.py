"""Spare bibs: printed with a number and code of their own, and assigned to an entrant later. Pure."""

from timing.race.codes import Code
from timing.race.fold import Race


def free_spare(race: Race, number: int) -> Code | None:
    """The code of an unassigned spare; None if there is no such spare or it is assigned."""
    code = race.office.spares.get(number)
    return None if code is None or code in race.holders else code


def spare_of(race: Race, code: str) -> int | None:
    """The number of the unassigned spare with this code; None if there is none."""
    return next((number for number, one in race.office.spares.items() if one == code and one not in race.holders), None)
