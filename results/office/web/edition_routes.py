"""The editions: what is still open, provisional and official results, hidden and shown again, and what changed since one."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from results.board.answers import FIELDS, data_answer, page_answer
from results.files.csv_files import csv_text
from results.office.jobs.publication import (
    OpenAnswers,
    Outdated,
    canonical_edition,
    compared,
    hide_results,
    open_items,
    open_lines,
    publish_official,
    publish_provisional,
    refuse_unready,
    refuse_unsettled,
)
from results.office.people.person_page import CHANGES_SHOWN, changed_people
from results.office.rulings.rulings import at_desk
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, Sent, Spoken, go_to, whole_number
from results.ranking.difference import Results, difference
from results.view.editions import digest
from results.view.prize_list import prize_change_row, prize_changes
from results.web.asset import TYPES
from timing.errors import RaceError, WrongUse
from timing.language import Language, _, speaking
from timing.log.narration import said_by
from timing.people.office_seats import Official
from timing.race.instants import dated
from timing.web.contract import Media, described

CSV, LINES = Media("text/csv"), Media("application/jsonl")
PROTESTS_MOST = 10_080
"""Minutes of a protest window."""


def edition_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "publish"))

    @router.get("/editions", summary="Editions, and what is open", **described("get_editions", ANSWERS))
    def editions(who: Annotated[Official, director], language: Spoken, done: str = "", old: int = 0) -> Response:
        try:
            return page_answer(_page(service, who, language, done=bool(done), old=old))
        except RaceError as wrong:
            return page_answer(_page(service, who, language, wrong=wrong.text.to(language)), 404)

    @router.get(
        "/editions/changes.csv",
        summary="What changed since an edition, as CSV",
        **described("get_changes_file", {**ANSWERS, 200: ("The file", CSV)}),
    )
    def changes(who: Annotated[Official, director], language: Spoken, old: int = 0) -> Response:
        try:
            return data_answer(_changes_csv(service, language, old), TYPES[".csv"], f"changes-since-{old}.csv")
        except RaceError as wrong:
            return page_answer(_page(service, who, language, wrong=wrong.text.to(language)), 404)

    @router.get(
        "/editions/{number}/edition.jsonl",
        summary="An edition as it was published, made again from the log and verified",
        **described("get_edition_file", {**ANSWERS, 200: ("The file", LINES)}),
    )
    def edition(who: Annotated[Official, director], language: Spoken, number: int) -> Response:
        try:
            return data_answer(canonical_edition(service.opened, number)[1], LINES.type, f"edition-{number}.jsonl")
        except RaceError as wrong:
            return page_answer(_page(service, who, language, wrong=wrong.text.to(language)), 404)

    @router.post(
        "/editions",
        summary="`form=provisional`, `official`, `hide` or `reveal`; `after` editions, whose page showed the results of digest `seen`",
        **described("publish_edition", SENT, body=FIELDS),
    )
    def publish(who: Annotated[Official, director], language: Spoken, sent: Sent) -> Response:
        try:
            _publish(service, who, sent)
        except Outdated as late:
            return page_answer(_page(service, who, language, wrong=late.text.to(language)), 409)
        except (RaceError, WrongUse) as wrong:
            return page_answer(_page(service, who, language, wrong=wrong.text.to(language)), 422)
        return go_to("/office/editions?done=1")


def _publish(service: OfficeService, who: Official, sent: Fields) -> None:
    """Do what a form asks for.

    Raises:
        Outdated: the results or the editions are no longer those that the form's page showed.
        RaceError: it cannot be, and why.
    """
    opened, why = service.opened, sent.get("why", "")
    after = whole_number(sent, "after", PROTESTS_MOST * 10)
    match sent.get("form"):
        case "provisional":
            publish_provisional(opened, whole_number(sent, "minutes", PROTESTS_MOST), who, why, after)
        case "official":
            race = opened.fold()
            items = open_items(opened, race)
            despite = [one for at, one in enumerate(items.holding) if sent.get(f"despite{at}") == one]
            refuse_unready(opened, race, items, OpenAnswers(despite, bool(sent.get("early"))))
            if items.people and not why:
                raise RaceError(_("say why it becomes official although people have no final status"))
            refuse_unsettled(opened, items, why)
            publish_official(opened, despite, who, why, after, sent.get("seen", "-"))
        case "hide" | "reveal" as form:
            if form == "hide" and not why:
                raise WrongUse(_("say why: the reason stands in the log"))
            hide_results(opened, form == "hide", who, why)
        case _:
            raise WrongUse(_("there is no such form"))


def _changes_csv(service: OfficeService, language: Language, old: int) -> bytes:
    """Whose result is another now than in the edition `old` (0: the last one), before and after.

    Raises:
        RaceError: there is no such edition.
    """
    office = at_desk(service.opened)
    with speaking(language):
        changes = difference(*compared(service.opened, office.race, old or None))
        rows = [
            {"bib": str(one.bib), "name": one.name, "firm": one.firm, "before": before, "after": after}
            for one, before, after in changed_people(office, changes, language)
        ]
    return csv_text(["bib", "name", "firm", "before", "after"], rows).encode("utf-8", "replace")


def _page(
    service: OfficeService, who: Official, language: Language, done: bool = False, wrong: str = "", old: int = 0
) -> str:
    """The editions so far, what is open, and what changed since the last one, or since the edition `old`."""
    opened = service.opened
    office, now = at_desk(opened), opened.clock.now()
    race, items = office.race, open_items(opened, office.race)
    with speaking(language):
        rows = [
            (
                one.number,
                _("official").to(language) if one.state == "official" else _("provisional").to(language),
                "" if one.protest_until is None else dated(one.protest_until, now, opened.zone),
                said_by(one.role, one.by),
                one.why,
            )
            for one in race.editions
        ]
        changes, moved = None, []
        results: Results = (office.live.standings(), office.live.rankings(office.names))
        if race.editions:
            before, results = compared(opened, race, old or None)
            changes = difference(before, results)
            moved = [prize_change_row(one, office.names) for one in prize_changes(before, results)]
        return director_page(
            service, who, language, "editions",
            editions=rows, done=done, wrong=wrong, hidden=race.office.hidden, old=old or len(rows),
            until="" if items.protests_until is None else dated(items.protests_until, now, opened.zone),
            holding=items.holding, open_lines=[str(line) for line in open_lines(opened, items)], people=bool(items.people),
            jumps=bool(race.open_jumps()), seen=digest(*results), moved=moved, changes=changes,
            changed=list(islice(changed_people(office, changes, language), CHANGES_SHOWN)) if changes else [],
        )  # fmt: skip
