"""The command `marathon people stand-in`: somebody new runs with the bib of somebody who does not come."""

from datetime import date
from pathlib import Path

import click

from results.desk.decide import decide
from results.desk.desk import Desk
from timing.ages import age_group, age_on
from timing.book import Entrant
from timing.command_line import Command, race_option, say
from timing.errors import RaceError, WrongUse
from timing.events import BibReplaced, DeskFact, StandInEntered
from timing.folder import OpenRace, open_race
from timing.race import Race
from timing.spelling import clean, group_key, name_key, same_name, sex_of
from timing.store.directory import Names


@click.command(
    "stand-in",
    cls=Command,
    examples="marathon people stand-in 417 이서연 --sex F --born 1990-01-31 --why '출장'\n"
    "marathon people stand-in 417 이서연 --sex 여 --category 10K --preview",
)
@race_option
@click.argument("who", metavar="BIB")
@click.argument("name")
@click.option("--sex", default="", help="성별 / the new person's sex")
@click.option("--category", default="", help="부문 / the new person's category")
@click.option(
    "--born", default="", help="생년월일(연령대를 정할 뿐 남기지 않음) / gives the age group, and is not kept"
)
@click.option("--team", help="팀(기본: 빠진 사람의 팀) / the team (default: the absent one's)")
@click.option(
    "--bib",
    type=click.IntRange(1, 999_999),
    help="배번 대신 이 예비 배번을 닮 / wears this printed spare instead of the absent one's bib",
)
@click.option("--why", default="대신 뜀", show_default=True, help="까닭(기록에 남음) / why; it stays in the log")
@click.option("--by", default="desk", show_default=True, help="누가 정했는지 / who decides")
@click.option("--preview", is_flag=True, help="바뀔 것만 보고 기록하지 않음 / only show what would change")
@click.option("--yes", is_flag=True, help="묻지 않음 / do not ask")
def stand_in(
    race: Path | None,
    who: str,
    name: str,
    sex: str,
    category: str,
    born: str,
    team: str | None,
    bib: int | None,
    why: str,
    by: str,
    preview: bool,
    yes: bool,
) -> None:
    """다른 사람이 대신 뜁니다. / Somebody else runs instead.

    BIB를 달 새 사람을 성별과 부문과 함께 적습니다. 배번은 그대로 쓰고, 오지 않은 사람은 참가 취소가 됩니다. 이름 공개 동의는 넘어가지 않습니다.
    A new person with an own sex and category wears the same bib; the absent one is withdrawn. Consent to a full name does not go over.
    """
    with open_race(race) as opened:
        person = _Person(clean(name), sex_of(sex), category, born, team, bib)
        decide(opened, lambda desk: person.instead_of(desk, who, by, why), preview, yes, person.keep)


class _Person:
    """Whoever stands in, as the command line says."""

    def __init__(self, name: str, sex: str, category: str, born: str, team: str | None, spare: int | None) -> None:
        if not name:
            raise WrongUse("이름이 비어 있습니다", "the name is empty")
        self._name, self._sex, self._category, self._born, self._team = name, sex, category, born, team
        self._id, self._spare = "", spare

    def instead_of(self, desk: Desk, who: str, by: str, why: str) -> list[DeskFact]:
        """The fact; whom it replaces is told."""
        absent = desk.entrant(who)
        if absent.bib is None:
            raise RaceError(
                f"{who}은(는) 배번이 없습니다. 새 사람은 명단으로 들이세요",
                f"{who} has no bib; enter the new person by a roster",
            )
        self._id = next(desk.race.fresh_ids())
        category, aged_on = self._category_on(desk.race, desk.opened.settings.date)
        team = absent.team if self._team is None else desk.team(absent.company, self._team)
        told = f"{absent.bib} {desk.names.people.get(absent.id, absent.id)} → {self._name}"
        say(
            f"대신 뜁니다: {told}. 앞사람은 참가 취소, 이름은 가림",
            f"stands in: {told}; the former is withdrawn, the name is masked",
        )
        _point_out(absent, self._sex, category)
        self._point_out_names(desk, absent)
        desk.names.people[self._id] = self._name
        instead: DeskFact = StandInEntered(absent.id, self._id, team, self._sex, category, by, why, aged_on)
        if self._spare is None:
            return [instead]
        return [instead, BibReplaced(self._id, self._spare, desk.spare(self._spare), by, why)]

    def _point_out_names(self, desk: Desk, absent: Entrant) -> None:
        """Somebody new who is called like the absent one, or like a colleague who is entered, may be nobody new."""
        names = desk.names.people
        if same_name(names.get(absent.id, ""), self._name):
            how = f"marathon people rename {absent.bib} '{self._name}'"
            say(
                f"⚠ 앞사람과 이름이 같습니다. 이름만 고치는 것이면: {how}",
                f"called like the absent one; to mend a name: `{how}`",
            )
        for one in desk.race.running():
            mine = one.id != absent.id and one.company == absent.company
            if mine and name_key(names.get(one.id, "")) == name_key(self._name):
                who = one.bib or one.id
                korean = f"⚠ 같은 소속에 {self._name}이(가) 이미 있습니다({who}). 같은 사람이면 두 번 뛰는 셈이 됩니다"
                say(korean, f"{who} of the same firm has this name; if that is who runs, they would be entered twice")

    def keep(self, opened: OpenRace) -> None:
        """Write the name down, before the fact that refers to it."""
        opened.directory.keep(Names(people={self._id: self._name}))

    def _category_on(self, race: Race, day: date | None) -> tuple[str, str]:
        """The category, and the day on which the age was counted that gave it."""
        if self._category or not self._born:
            known = {group_key(one.category): one.category for one in race.entrants.values()}
            return known.get(group_key(self._category), clean(self._category)), ""
        if day is None:
            raise WrongUse(
                "race.toml에 대회 날(date)이 없어 나이를 셀 수 없습니다", "no `date` in race.toml to count the age on"
            )
        age = age_on(day, self._born)
        group = None if age is None else age_group(race.rules.age_group, age, self._sex)
        if group is None:
            raise WrongUse(
                "생년월일에 맞는 연령대가 없습니다(예: 1990-01-31). --category로 적을 수 있습니다",
                "no age group fits this date of birth (like 1990-01-31); --category says it outright",
            )
        return group.name, day.isoformat()


def _point_out(absent: Entrant, sex: str, category: str) -> None:
    """What the absent one had and nobody said of the new person: it is not taken over."""
    missing = [
        (word, english)
        for word, english, had, has in (
            ("성별", "--sex", absent.sex, sex),
            ("부문", "--category, --born", absent.category, category),
        )
        if had and not has
    ]
    for korean, english in missing:
        say(f"⚠ {korean}을(를) 적지 않아 비워 둡니다({english})", f"no {english} was given; it stays empty")
