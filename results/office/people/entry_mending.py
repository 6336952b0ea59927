"""An entry that was typed wrongly: sex and age group or category of somebody who is entered."""

from results.office.people.newcomers import grouped_by_age, needed_born, said_category, said_sex
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.rulings.substitution import Substitute, category_on
from timing.errors import RaceError
from timing.language import _
from timing.race.events import EntrantRegistered


def mended(office: Office, entrant: str, sex: str, group: str, by: str) -> Decision:
    """The entry once more with another sex, birth or age, or category; what is empty stays as it is.

    `group` is a birth or an age where the rules give age groups, else one of the race's categories; `-` leaves it out.

    Raises:
        WrongUse: no such sex or category, or no age that can be told.
        RaceError: nothing changes.
    """
    one = office.entrant(entrant)
    sex = said_sex(sex) if sex else one.sex
    category, aged_on = one.category, one.aged_on
    if group and grouped_by_age(office):
        born = needed_born(office, group, sex)
        category, aged_on = category_on(Substitute("", sex, born=born), office.race, office.opened.settings.date)
    elif group:
        category, aged_on = said_category(office, group), ""
    if (sex, category) == (one.sex, one.category):
        raise RaceError(_("this is how the entry stands already"))
    fact = EntrantRegistered(one.id, one.company, one.team, sex, category, one.wave, aged_on, one.course, by)
    return Decision([fact])
