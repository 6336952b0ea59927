"""The pages of the race office, rendered on the server: all of it works by links and forms alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from results.office.people.counter import (
    free_spares,
    handed_out_words,
    is_printed,
    own_packets,
    packet_of,
    packets,
    shares,
)
from results.office.people.counter_lists import LISTS, TITLES, CounterList, counter_lists
from results.office.people.newcomers import grouped_by_age
from results.office.people.people_search import firms_like, free_spare_meant
from results.office.people.person_forms import person_forms, suggested
from results.office.people.person_page import (
    CHANGES_SHOWN,
    changed_people,
    figures,
    found_person,
    just_entered,
    rulings_about,
    scans,
)
from results.office.rulings.acts import SHOWN, act_words, acts_of
from results.office.rulings.guns import wave_guns
from results.office.rulings.ruling_preview import Preview
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.web.office_frame import NUMBER, bare_page, office_page
from results.office.web.print_on_the_spot import bib_job
from results.ranking.rows import Row, Status
from results.view.prize_list import prize_change_row, prize_changes
from timing.language import NOTHING, Language, Text, speaking
from timing.log.narration import ROLE_NAMES
from timing.people.office_acts import PERSON
from timing.people.office_seats import Official, Seat
from timing.race.chance import new_token
from timing.race.instants import SECOND, Instant, wall


def enter_page(official: Official | None, language: Language) -> str:
    """Asks whoever opened a link to come in; a link that opens nothing says so. A preview of the link in a chat opens nothing."""
    role = ROLE_NAMES[official.role].to(language) if official else ""
    return bare_page("enter.html", language, official=official, role=role)


def people_page(service: OfficeService, official: Official, language: Language, asked: str, spare: str = "") -> str:
    """The search, and whom it found; with a `spare` in the hand their pages have it in the form for a lost bib."""
    with service.office() as office:
        given, race = office.race.office.handed_out, office.race
        found = [
            (found_person(office, office.live.row(one), language), one in given)
            for one in service.index(office).find(asked)
            if one in race.entrants
        ]
        free = free_spare_meant(office.race, asked)
    return office_page(
        service, official, language, "people.html", "/office/people",
        asked=asked, found=found, spare=spare, free=free if may(official.role, "counter") else None,
    )  # fmt: skip


class PersonPage(NamedTuple):
    """The page of one person; `waits` while their bib is being printed for whoever reads it."""

    text: str
    waits: bool


def person_page(
    service: OfficeService,
    official: Official,
    language: Language,
    entrant: str,
    notice: Text = NOTHING,
    wrong: str = "",
    sent: Mapping[str, str] = MappingProxyType({}),
) -> PersonPage | None:
    """One person; None where there is no such entrant. A form that could not be stays open with what was `sent`."""
    acts = acts_of(service.opened).last(PERSON, SHOWN, entrant)
    ended = [one for one in service.jobs.recent() if one.over]  # before the race is read on, to what they recorded
    with service.office() as office, speaking(language):
        forms = person_forms(grouped_by_age(office))
        row = office.live.standings().by_id.get(entrant)
        if row is None:
            return None
        job = bib_job(service, row.entrant.bib)
        over = job is None or job in ended
        content = {
            "person": found_person(office, row, language),
            "figures": figures(office, row, language),
            "scans": scans(office, row, language),
            "rulings": list(rulings_about(office, entrant, official)),
            "withdrawn": row.status is Status.WITHDRAWN,
            "fresh": just_entered(office, entrant),
            "acts": [act_words(office, one) for one in acts],
            "printing": not over,
            "unprinted": over
            and (not is_printed(office.race, row.entrant) or (job is not None and job.state != "done")),
            "spares": free_spares(office.race),
            "packet": packet_of(office, row.entrant.company),
            "suggested": suggested(office),
            "handed": str(handed_out_words(office, given))
            if (given := office.race.office.handed_out.get(entrant))
            else "",
        }
    text = office_page(
        service, official, language, "person.html", "/office/people",
        rules=may(official.role, "rule"), counter=may(official.role, "counter"),
        forms=[one for one in forms if may(official.role, one.task)], sent=defaultdict(str, sent), notice=notice.to(language), wrong=wrong,
        prints=service.rooms.bibs is not None,
        print_notes=[one.to(language) for one in job.notes] if job and over and job.state == "failed" else [],
        files=[name for name, _path in job.files] if job and over and job.state == "done" else [], **content,
    )  # fmt: skip
    return PersonPage(text, bool(content["printing"]) and may(official.role, "counter"))


def preview_page(
    service: OfficeService,
    official: Official,
    language: Language,
    back: str,
    preview: Preview,
    sent: dict[str, str],
    again: bool,
    at: str = "",
) -> str:
    """What a ruling would change, and the button that records it, sent to `at`, or the page `back` itself.

    `again` where somebody else has ruled meanwhile.
    """
    with service.office() as now, speaking(language):
        office = replace(now, names=preview.names)
        changed = (one for one in changed_people(office, preview.changes, language) if one[1] != one[2])
        return office_page(
            service, official, language, "preview.html", "",
            back=back, at=at or back, sent={**sent, "seen": str(preview.position), "shown": preview.digest, NUMBER: new_token()}, again=again,
            facts=[*dict.fromkeys(told(office, fact) for fact in preview.facts)],
            doubts=[str(one) for one in (*preview.decision.remarks, *preview.doubts)],
            changes=list(islice(changed, CHANGES_SHOWN)),
            runners=preview.changes.places, podiums=preview.changes.podiums, groups=len(preview.changes.groups),
            first_groups=preview.changes.prizes, prizes=[prize_change_row(one, preview.names) for one in prize_changes(*preview.results)],
        )  # fmt: skip


def gun_page(
    service: OfficeService, official: Official, language: Language, done: bool = False, wrong: str = ""
) -> str:
    """Each wave and its gun, and the end of the race."""
    with service.office() as office:
        waves, closed, zone = wave_guns(office), office.race.office.closed_at, office.opened.zone
        out = any(row.status is Status.STARTED for row in office.live.standings().others)
    return office_page(
        service, official, language, "gun.html", "/office/gun", waves=waves, done=done, wrong=wrong, out=out or not any(one.at for one in waves),
        closed_at="" if closed is None else wall(closed, zone), now=wall(service.opened.clock.now(), zone)[:8],
    )  # fmt: skip


def packets_page(
    service: OfficeService, official: Official, language: Language, asked: str = "", done: bool = False, wrong: str = ""
) -> str:
    """Each firm's packet, or that of the firms that are `asked` for: how many bibs are handed out."""
    with service.office() as office:
        firms = packets(office)
        if asked:
            like = firms_like(office.names.companies, asked)
            firms = sorted((one for one in firms if one.company in like), key=lambda one: like.index(one.company))
        given = own_packets(office, official)
        lines = [
            (one, shares(one).to(language), handed_out_words(office, one.last).to(language) if one.last else "")
            for one in firms
        ]
    return office_page(
        service, official, language, "packets.html", "/office/packets",
        firms=lines, asked=asked, given=given, done=done, wrong=wrong,
    )  # fmt: skip


def counter_lists_page(service: OfficeService, official: Official, language: Language, shown: CounterList) -> str:
    """One of the counter's lists, and how long each is."""
    cards = service.opened.directory.cards()
    with service.office() as office:
        lists = counter_lists(office, cards, language)
        any_given = bool(office.race.office.handed_out)
    choices = [(one, TITLES[one].to(language), len(lists[one]), one == shown) for one in LISTS]
    return office_page(
        service, official, language, "lists.html", "/office/packets",
        choices=choices, shown=shown, title=TITLES[shown].to(language), found=lists[shown], any_given=any_given,
    )  # fmt: skip


def out_page(service: OfficeService, official: Official, language: Language) -> str:
    """Who has started and not come in, the longest out first."""
    with service.office() as office:
        rows = [row for row in office.live.standings().others if row.status is Status.STARTED]
        rows.sort(key=lambda row: _began(row) or Instant(0))
        now = service.opened.clock.now()
        found = [(found_person(office, row, language), _since(row, office), _minutes_out(row, now)) for row in rows]
    return office_page(service, official, language, "out.html", "/office/out", found=found)


def seats_page(
    service: OfficeService, official: Official, language: Language, link: str = "", new: str = "", wrong: Text = NOTHING
) -> str:
    """Who may work here; `link` is one that was given just now, to `new`."""
    zone = service.opened.zone

    def line(seat: Seat) -> tuple[str, str, str]:
        opened = wall(seat.opened_at, zone) if seat.opened_at is not None else ""
        return seat.official.name, ROLE_NAMES[seat.official.role].to(language), opened

    roles = [(role, text.to(language)) for role, text in ROLE_NAMES.items()][::-1]  # who may do least first
    code = service.rooms.draw_qr(link) if link else ""
    return office_page(
        service, official, language, "seats.html", "/office/seats",
        seats=[line(seat) for seat in service.seats.seats()], roles=roles, link=link, new=new, code=code, wrong=wrong.to(language),
    )  # fmt: skip


def _since(row: Row, office: Office) -> str:
    return wall(row.judged.start.at, office.opened.zone) if row.judged.start else ""


def _minutes_out(row: Row, now: Instant) -> int:
    """Whole minutes since the start, or since the gun where no start was seen."""
    began = _began(row)
    return (now - began) // (60 * SECOND) if began is not None else 0


def _began(row: Row) -> Instant | None:
    """The start that a camera saw, else the gun."""
    return row.judged.start.at if row.judged.start else row.judged.gun
