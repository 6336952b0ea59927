"""Any sequence of what officials do by the office's forms: after each step its pages say what the log alone says, as shown before it was recorded."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote

import httpx2
import pytest

from results.office.people.person_page import changed_people
from results.office.rulings.rulings import Office, at_desk
from results.ranking.difference import Results, difference
from server.office_side import office_beside
from tests.boards import race_folder
from tests.builders import FIRMS, Station, after_gun, code_of, scan
from tests.clock_and_chance import ManualClock
from tests.faults.soak import SEED, scaled
from tests.results.office.test_office_pages import RUNS, Device, House, hidden
from tests.results.office.test_prize_pages import RULES
from timing.feed import RaceFeed
from timing.race.events import CompaniesMerged, RulesSet, Scanned, SpareDrawn, Unread
from timing.race.fold import Race
from timing.race.instants import SECOND, Span
from timing.race.known_names import Names
from timing.race.rules import rules_of
from timing.race.spelling import clean

SPARES: Final = (9001, 9002, 9003)
BIBS: Final = (417, 418, 5, 6, *SPARES)
NAMES: Final = ("설아라", "김하늘", 'O\'Brien "준"', "<b>박</b>", "👟 나리", "\u202eسارة", "김보라")
PAGES: Final = ("", "packets", "packets/list", "prizes", "gun", "sheet", "editions", "out", "new")
HOW_OFTEN: Final = (12, 8, 3, 2, 3, 1, 3, 1, 1, 2, 1, 2, 1, 0.3)
"""Each of what `step` chooses from."""
FORMS: Final[Mapping[str, tuple[str, Mapping[str, Sequence[object]]]]] = {
    "swap": ("entry", {"other": BIBS}),
    "move": ("entry", {"company": [*FIRMS.values(), "새로운 회사"], "new": ("", "1")}),
    "stand-in": (
        "entry",
        {"name": NAMES, "sex": ("", "M", "F"), "category": ("", "30대", "40대"), "spare": ("", *SPARES)},
    ),
    "mend": ("entry", {"sex": ("", "M", "F"), "group": ("", "30대", "-")}),
    "withdraw": ("entry", {}),
    "wave": ("entry", {"wave": ("1", "2")}),
    "status": ("", {"status": ("dnf", "dsq", "dns", "withdrawn")}),
    "reinstate": ("", {}),
    "finish": ("", {"at": ("14:18:00", "+19:30", "13:59:00", "24:00:01")}),
    "start": ("", {"at": ("14:00:05", "-0:10", "+1:00")}),
    "offset": ("", {"seconds": ("+5", "-3")}),
    "adjust": ("", {"seconds": ("+30", "-2.5")}),
    "dead-heat": ("", {"others": BIBS}),
    "withhold": ("", {}),
    "replace": ("", {"bib": BIBS, "code": ("", "of it"), "anyway": ("", "1")}),
}


class OfficeDay:
    """A race with its office, two directors and a counter, and a model of who is called what; `steps` tells what was done."""

    def __init__(self, root: Path, stack: ExitStack, chance: Random) -> None:
        self.opened, self._stack, self.chance = stack.enter_context(race_folder(root, RUNS)), stack, chance
        self.opened.log.record([RulesSet(rules_of(RULES, "rules.toml"), "desk", "")])
        self.opened.log.record([SpareDrawn(one, code_of(one)) for one in SPARES])
        assert isinstance(self.opened.clock, ManualClock)
        self.clock = self.opened.clock
        self.clock.tick(Span(3600 * SECOND))
        self.house = House(self.opened, office_beside(self.opened, RaceFeed(self.opened, print), stack))
        self.directors = [self.house.somebody("director", name) for name in ("김총괄", "박총괄")]
        self.counter = self.house.somebody("counter", "이접수")
        self.waiting = list[tuple[Device, str, dict[str, str]]]()
        self.names = dict(self.opened.directory.names().people)
        self.camera = Station("finish-9").says(
            Unread(after_gun("17:30"), after_gun("17:30"), 118, 31, after_gun("17:30"), "line"),
            Scanned("tap", "", after_gun("18:30"), after_gun("18:30")),
            scan("?1f0c9a2b3c4d5e6f", "18:50"),
        )
        self.opened.log.receive(self.camera.batch())
        self.steps = list[str]()

    def step(self) -> None:
        """Somebody does something."""
        does = self.chance.choices(
            [
                self.rules,
                self.takes_back,
                self.records_what_waited,
                self.hands_out,
                self.exchanges,
                self.gives_a_packet,
                self.enters,
                self.types_a_sheet,
                self.moves_the_gun,
                self.settles,
                self.gives_a_prize,
                self.camera_sees,
                self.another_program_renames,
                self.another_program_merges,
            ],
            HOW_OFTEN,
        )[0]
        self.steps.append(does.__name__)
        does()

    # what officials do

    def rules(self) -> None:
        form = self.chance.choice([*FORMS])
        at, blanks = FORMS[form]
        sent = {"form": form, "why": "심판"} | {
            name: str(self.chance.choice(choices)) for name, choices in blanks.items()
        }
        if sent.get("code"):
            sent["code"] = code_of(int(sent["bib"]))
        device = self.counter if at else self.chance.choice(self.directors)
        self._shown(device, self._page() + (f"/{at}" if at else ""), sent)

    def takes_back(self) -> None:
        pos = self.chance.choice([*self.opened.fold().said][-12:])
        self._shown(self.chance.choice(self.directors), self._page(), {"form": "undo", "pos": str(pos), "why": "취소"})

    def records_what_waited(self) -> None:
        if self.waiting:
            device, at, sent = waited = self.chance.choice(self.waiting)
            if self.chance.random() < 0.7:
                self.waiting.remove(waited)
            self._record(device, at, sent, None)

    def hands_out(self) -> None:
        self._one_step(self._page() + "/bib", form="hand")

    def exchanges(self) -> None:
        self._one_step(self._page() + "/bib", form="exchange", spare=str(self.chance.choice([*SPARES, 417, 99])))

    def gives_a_packet(self) -> None:
        self._one_step("/office/packets", company=self.chance.choice([*FIRMS]))

    def enters(self) -> None:
        before = set(self._race().entrants)
        told = {
            "name": self.chance.choice(NAMES),
            "company": self.chance.choice([*FIRMS.values()]),
            "spare": str(self.chance.choice(SPARES)),
            "sex": "F",
            "category": "30대",
            "consent": "1",
            "other": self.chance.choice(["", "1"]),
        }
        if self._one_step("/office/new", **told):
            (new,) = set(self._race().entrants) - before
            assert new not in self.names
            self.names[new] = clean(told["name"])

    def types_a_sheet(self) -> None:
        rows = "\n".join(
            f"{self.chance.randint(15, 25)} {self.chance.randint(0, 59)} {self.chance.choice(BIBS)}"
            for _row in range(3)
        )
        self._shown(self.chance.choice(self.directors), "/office/sheet", {"form": "record", "rows": rows, "name": "3"})

    def moves_the_gun(self) -> None:
        at = self.chance.choice(["14:00:00", "14:00:11.5", "13:59:50"])
        self._shown(
            self.chance.choice(self.directors),
            "/office/gun",
            {"wave": self.chance.choice("12"), "at": at, "why": "심판 시계"},
        )

    def settles(self) -> None:
        told = {
            "scan": f"{self.camera.lineage}#{self.chance.choice([2, 3, 4])}",
            "bib": str(self.chance.choice(BIBS)),
            "why": "사진",
        }
        form = self.chance.choice(["name", "name", "dismiss"])
        self.steps[-1] += f" {told} {form}"
        if form == "dismiss":
            assert self.directors[0].sends("/office/todo", form=form, **told).status_code in (303, 422)
        else:
            self._shown(self.directors[0], "/office/todo", {"form": form, **told})

    def gives_a_prize(self) -> None:
        page = self.directors[0].asks("/office/prizes").text
        forms = [
            (one, key)
            for one in re.findall(r"<form.*?</form>", page, re.S)
            for key in ("hand", "undo")
            if f'value="{key}"' in one
        ]
        if forms:
            answer = self.directors[0].sends("/office/prizes", **hidden(*self.chance.choice(forms)))
            assert answer.status_code == 303, answer.text

    # what happens beside them

    def camera_sees(self) -> None:
        bib, at = self.chance.choice(BIBS), self.chance.choice(["16:00", "17:30", "20:00"])
        self.steps[-1] += f" {bib}"
        self.camera.says(scan(bib, at))
        self.opened.log.receive(self.camera.batch())

    def another_program_renames(self) -> None:
        one, name = self.chance.choice([*self._race().entrants]), self.chance.choice(NAMES)
        self.opened.directory.keep(Names({one: name}))
        self.names[one] = name

    def another_program_merges(self) -> None:
        firm, into = self.chance.sample([*FIRMS], 2)
        self.opened.log.record([CompaniesMerged(firm, into, "데스크", "합병")])

    # the laws

    def hold(self) -> None:
        self.every_bib_and_code_has_one_wearer()
        self.everybody_is_called_as_entered_and_found_by_bib_and_code()
        if not len(self.steps) % 5:
            self.the_pages_say_what_an_office_says_that_has_just_begun()

    def every_bib_and_code_has_one_wearer(self) -> None:
        race = self._race()
        worn = Counter(one.bib for one in race.entrants.values() if one.bib is not None)
        assert not [bib for bib, wearers in worn.items() if wearers > 1], worn
        for one in race.entrants.values():
            assert (one.code is None) == (one.bib is None)
            if one.code:
                assert race.holders[one.code] == one.id and race.office.codes[one.id][-1] == one.code, one
        held = {code: who for who, codes in race.office.codes.items() for code in codes}
        assert held == race.holders

    def the_pages_say_what_an_office_says_that_has_just_begun(self) -> None:
        self.clock.tick(Span(10 * SECOND))  # so long the overview may keep its lists
        people = [f"people/{one}" for one in self._race().entrants]
        searches = [f"people?q={quote(one)}" for one in {*map(str, BIBS), *self.names.values(), "가산", "ㄱㄹ"}]
        with ExitStack() as stack:
            begun = Device(office_beside(self.opened, RaceFeed(self.opened, print), stack))
            begun.cookies = self.directors[0].cookies
            for page in [*PAGES, *people, *searches]:
                ours, theirs = (device.asks(f"/office/{page}") for device in (self.directors[0], begun))
                assert ours.status_code in (200, 303), (page, ours.text)
                assert _told(ours) == _told(theirs), page

    def everybody_is_called_as_entered_and_found_by_bib_and_code(self) -> None:
        race, known = self._race(), self.opened.directory.names().people
        assert {one: known[one] for one in race.entrants} == {one: self.names[one] for one in race.entrants}
        wearers = {one.bib: one.id for one in race.entrants.values() if one.bib is not None}
        for bib in {*BIBS, *wearers}:
            by_bib, by_code = (
                self.counter.asks(f"/office/people?q={one}").headers.get("location", "").partition("?")[0]
                for one in (bib, code_of(bib))
            )
            if bib in wearers:
                assert by_bib == f"/office/people/{wearers[bib]}"
            else:
                assert by_bib in ("", by_code), bib

    # how

    def _race(self) -> Race:
        return self.opened.fold()

    def _page(self) -> str:
        return f"/office/people/{self.chance.choice([*self._race().entrants])}"

    def _one_step(self, at: str, **sent: str) -> bool:
        answer = self.counter.sends(at, **sent)
        self.steps[-1] += f" {at} {sent} {answer.status_code}"
        assert answer.status_code in (303, 422), answer.text
        return answer.status_code == 303

    def _shown(self, device: Device, at: str, sent: dict[str, str]) -> None:
        self.steps[-1] += f" {at} {sent}"
        shown = device.sends(at, **sent)
        assert shown.status_code in (200, 422) or at == "/office/sheet", shown.text  # 303: the rows say nothing new
        if shown.status_code == 200:
            form = hidden(shown.text)
            assert form.items() >= {key: told for key, told in sent.items() if told}.items()
            if self.chance.random() < 0.3:
                self.waiting.append((device, at, form))
            else:
                self._record(device, at, form, shown.text)

    def _record(self, device: Device, at: str, sent: dict[str, str], shown: str | None) -> None:
        """What is recorded is what was shown; taken back at once it leaves everything as it was."""
        before, mark = at_desk(self.opened), self.opened.fold().facts
        answer = device.sends(at, **sent)
        assert answer.status_code in (303, 404, 409, 422), answer.text  # 404: of somebody whose entry was taken back
        after = at_desk(self.opened)
        new = [pos for pos in after.race.said if pos > mark]
        if shown is not None:
            assert answer.status_code == 303 and new
            rows = [
                one
                for one in changed_people(after, difference(_results(before), _results(after)), "ko")
                if one[1] != one[2]
            ]
            for person, was, now in rows:
                assert was in shown and now in shown, (person, was, now)
            assert len(rows) == shown.count('class="turn"') // 2
        if answer.status_code != 303:
            assert not new
            return
        if at.startswith("/office/people") and self.chance.random() < 0.2:
            self._and_back(before, after, new)
        for one in after.race.entrants:
            if one not in self.names:
                assert sent["form"] == "stand-in"
                self.names[one] = clean(sent["name"])

    def _and_back(self, before: Office, after: Office, new: list[int]) -> None:
        """Taken back, and that taken back in turn."""
        self.steps[-1] += " and back"
        director = self.directors[0]
        for expected in (before, after):
            first = self.opened.log.head().seq
            for pos in reversed(new):
                shown = director.sends("/office/people/e00417", form="undo", pos=str(pos), why="취소")
                assert director.sends("/office/people/e00417", **hidden(shown.text)).status_code in (303, 404)
            assert self._race().office == expected.race.office
            new = [*range(first + 1, self.opened.log.head().seq + 1)]


def _results(office: Office) -> Results:
    return office.live.standings(), office.live.rankings(office.names)


def _told(answer: httpx2.Response) -> tuple[str, str]:
    """A page, or where it sends one, without what each look at it gets anew."""
    return answer.headers.get("location", ""), re.sub(r'name="once" value="[^"]*"', "", answer.text)


@pytest.mark.at_length
def test_the_office_is_true_to_the_log_whatever_officials_do_in_whatever_order(tmp_path: Path) -> None:
    for seed in range(SEED, SEED + scaled(1, 150)):
        with ExitStack() as stack:
            day = OfficeDay(tmp_path / str(seed), stack, Random(seed))
            try:
                for _step in range(30):
                    day.step()
                    day.hold()
            except Exception as wrong:
                wrong.add_note("\n".join([f"seed {seed}", *day.steps]))
                raise
