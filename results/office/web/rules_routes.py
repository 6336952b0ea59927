"""The rules as a page: a draft looked over line by line, what it would move, and what was in force before; the course's length."""

import re
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from results.board.answers import FIELDS, data_answer, page_answer
from results.office.people.newcomers import courses
from results.office.rulings import decisions
from results.office.rulings.rules_draft import draft_check, says
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, FieldsWithin, Spoken, whole_number
from results.office.web.previewing import previewed
from results.office.web.uploaded_form import UploadedForm, uploaded_form
from timing.errors import RaceError, WrongUse
from timing.folder import RULES
from timing.language import Language, _, pair, speaking
from timing.log.narration import said_by
from timing.people.office_seats import Official
from timing.race.events import CourseOpened, RulesSet
from timing.race.rules.presets import described as preset_words
from timing.race.rules.presets import merged, names
from timing.race.rules.text import as_toml
from timing.web.contract import Media, described

HERE: Final = "/office/rules"
RULES_MOST: Final = 200_000
"""Bytes of a draft, as a form sends it."""
COURSE_LEAST_KM: Final = 0.1
COURSE_MOST_KM: Final = 100.0
TOML: Final = {**ANSWERS, 200: ("The rules in force", Media("application/toml"))}
Chosen = Annotated[list[str], Query(default_factory=list)]
Drafted = Annotated[Fields, Depends(FieldsWithin(RULES_MOST, 20))]
Uploaded = Annotated[UploadedForm, Depends(uploaded_form)]


def rules_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/rules", summary="The rules in force, or presets to begin with", **described("get_rules", ANSWERS))
    def rules(
        who: Annotated[Official, director],
        language: Spoken,
        preset: Chosen,
        done: str = "",
    ) -> Response:
        try:
            draft = merged([one for one in preset if one in names()]) if {*preset} & {*names()} else None
        except WrongUse as wrong:
            return page_answer(_page(service, who, language, None, wrong=wrong.text.to(language)), 422)
        return page_answer(_page(service, who, language, draft, done=bool(done)))

    @router.get("/rules/rules.toml", summary="The rules in force, as TOML", **described("get_rules_file", TOML))
    def file(_who: Annotated[Official, director]) -> Response:
        with service.office() as office:
            return data_answer(as_toml(office.race.rules).encode(), "application/toml", RULES)

    @router.post(
        "/rules/file",
        summary="A file to begin with",
        **described("upload_rules", SENT, body=Media("multipart/form-data")),
    )
    def upload(who: Annotated[Official, director], language: Spoken, sent: Uploaded) -> Response:
        try:
            draft = sent.files[0][1][:RULES_MOST].decode("utf-8-sig") if sent.files else ""
        except UnicodeDecodeError:
            wrong = _("{file}: this is no text in UTF-8", file=sent.files[0][0])
            return page_answer(_page(service, who, language, None, wrong=wrong.to(language)), 422)
        return page_answer(_page(service, who, language, draft or None))

    @router.post(
        "/rules",
        summary="`form=check`: look over the draft `toml`; `form=set`: put it in force for a reason `why`; `form=course`: the course is `km` long; `form=undo`: not the fact `pos`",
        **described("set_rules", SENT, body=FIELDS),
    )
    def decide(who: Annotated[Official, director], language: Spoken, sent: Drafted) -> Response:
        draft = sent.get("toml", "").replace("\r\n", "\n") + "\n"
        if sent.get("form") == "check" or "again" in sent:
            return page_answer(_page(service, who, language, draft))

        def refused(wrong: str) -> Response:
            return page_answer(_page(service, who, language, draft if draft.strip() else None, wrong=wrong), 422)

        return previewed(service, who, language, HERE, sent, refused, lambda office: _ruling(office, sent, draft, who))


def _ruling(office: Office, sent: Fields, draft: str, who: Official) -> Decision:
    """What a form of the page asks for.

    Raises:
        RaceError: it cannot be, and why.
    """
    form, why = sent.get("form"), sent.get("why", "")
    if form not in ("set", "course", "undo"):  # nor is one that was too long to be read
        raise WrongUse(_("there is no such form"))
    if not why:
        raise WrongUse(_("say why: the reason stands in the log"))
    if form == "undo":
        position = whole_number(sent, "pos", 10**15)
        if not isinstance(office.race.said.get(position), RulesSet | CourseOpened):
            raise RaceError(_("there is no such form"))
        return decisions.undo(office, position, who.name, why).in_role(who.role)
    if form == "course":
        return decisions.course(office, _kilometres(sent.get("km", "")), who.name, why).in_role(who.role)
    if says(draft, RULES, office.race.rules):
        raise RaceError(_("these rules are in force already"))
    return decisions.rules_set(office, RULES, draft, who.name, why).in_role(who.role)


def _kilometres(text: str) -> float:
    """The length that was typed.

    Raises:
        WrongUse: it is none, or no course is so short or long.
    """
    found = re.fullmatch(r"\d{1,3}(?:[.,]\d{1,3})?", text)
    km = float(found[0].replace(",", ".")) if found else 0.0
    if not COURSE_LEAST_KM <= km <= COURSE_MOST_KM:
        raise WrongUse(_("write the course's length in kilometres, as 4.5"))
    return km


def _page(
    service: OfficeService,
    who: Official,
    language: Language,
    draft: str | None,
    done: bool = False,
    wrong: str = "",
) -> str:
    """The page with this draft, else with the rules in force."""
    with service.office() as office, speaking(language):
        race = office.race
        set_so_far = [
            (pos, said_by(fact.role, fact.by), fact.why, race.holds(pos))
            for pos, fact in race.said.items()
            if isinstance(fact, RulesSet)
        ]
        lengths = [
            (pos, told(office, fact), race.holds(pos))
            for pos, fact in race.said.items()
            if isinstance(fact, CourseOpened)
        ]
        km = "" if courses(race) else f"{race.course_m / 1_000:g}"  # of several courses none is the race's own
        text = as_toml(race.rules) if draft is None else draft
        findings = _findings(text, office)
    presets = [(name, pair(*preset_words(name)).to(language)) for name in names()]
    return director_page(
        service, who, language, "rules", done=done, wrong=wrong, text=text, drafted=draft is not None,
        findings=findings, grave=sum(grave for _line, grave, *_told in findings), set_so_far=set_so_far[::-1], presets=presets, lengths=lengths[::-1], km=km,
    )  # fmt: skip


def _findings(text: str, office: Office) -> Sequence[tuple[int | None, bool, str, str, str]]:
    """What the linter says: the line, whether it is an error, what it is about, in which words, and what stands in the line."""
    lines = text.splitlines()
    return [
        (at, one.grave, one.where, str(one.text), lines[at - 1].strip() if at and at <= len(lines) else "")
        for at, one in draft_check(text, RULES, office).findings
    ]
