"""Firms as the director sees them: colour and logo by a form, tried before they are kept and taken back; who decided and ruled what."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Response

from results.board.answers import page_answer
from results.office.jobs.firm_looks import ChangedLook, FirmLooks, NewLook
from results.office.rulings.acts import SHOWN, act_words, acting, acts_of
from results.office.rulings.telling import told as ruling_words
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_frame import closed_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Spoken
from results.office.web.uploaded_form import UploadedForm, uploaded_form
from timing.errors import RaceError, WrongUse
from timing.language import Language, _, speaking
from timing.people.office_acts import FIRM
from timing.people.office_seats import Official
from timing.race.codes import firm_url
from timing.race.events import CompaniesMerged, HeadcountDeclared
from timing.race.firms import Design, FirmCard
from timing.web.contract import Media, described

HERE: Final = "/office/firms"
LOGO_MOST: Final = 2_000_000
"""Bytes of a logo's file."""
Uploaded = Annotated[UploadedForm, Depends(uploaded_form)]


def firm_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/firms", summary="All firms", **described("get_firms", ANSWERS))
    def firms(who: Annotated[Official, director], language: Spoken) -> Response:
        return page_answer(_list(service, who, language))

    @router.get(
        "/firms/{company}",
        summary="A firm: its colour and logo, what is ruled about it",
        **described("get_firm_look", ANSWERS),
    )
    def firm(who: Annotated[Official, director], language: Spoken, company: str, done: str = "") -> Response:
        return firm_answer(service, who, language, company, ruled=bool(done))

    @router.post(
        "/firms/{company}",
        summary="`form=look`: a `colour`, a `logo` to upload, `in_code` for the middle of the QR too; `without`: no logo; `plain`: black; `back`: the look of before",
        **described("change_firm_look", SENT, body=Media("multipart/form-data")),
    )
    def change(who: Annotated[Official, director], language: Spoken, company: str, sent: Uploaded) -> Response:
        with speaking(language):
            try:
                with service.office() as office:
                    known = company in office.names.companies
                if not known:
                    return firm_answer(service, who, language, company, sent=True)
                beside = acting(service.opened, "look", company, who)
                done = _looks(service).change(service.opened, company, _wanted(sent), beside)
            except RaceError as wrong:
                told = "\n".join((str(wrong.text), *map(str, wrong.details)))
                return firm_answer(service, who, language, company, wrong=told)
            return firm_answer(service, who, language, company, done=done)


def firm_at(company: str) -> str:
    """Where a firm's page stands."""
    return f"{HERE}/{quote(company, safe='')}"


def _looks(service: OfficeService) -> FirmLooks:
    if service.rooms.looks is None:
        raise WrongUse(_("bibs are not printed here"))
    return service.rooms.looks


def _wanted(sent: UploadedForm) -> NewLook:
    """What the form asks for.

    Raises:
        WrongUse: it is no form of ours, or the file is too large.
    """
    fields = sent.fields
    if sent.too_much or any(len(data) > LOGO_MOST for _name, data in sent.files):
        raise WrongUse(_("a logo has at most {most} MB", most=LOGO_MOST // 1_000_000))
    match fields.get("form"):
        case "look":
            logo = sent.files[0] if sent.files else None
            return NewLook(fields.get("colour", ""), logo, in_code=bool(fields.get("in_code")))
        case "without":
            return NewLook(without_logo=True)
        case "plain":
            return NewLook(kept=Design())
        case "back":
            try:
                return NewLook(kept=msgspec.json.decode(fields.get("kept", ""), type=Design))
            except msgspec.DecodeError as wrong:
                raise WrongUse(_("there is no such form")) from wrong
        case _:
            raise WrongUse(_("there is no such form"))


def _list(service: OfficeService, who: Official, language: Language) -> str:
    cards = service.opened.directory.cards()
    with service.office() as office:
        people = Counter(one.company for one in office.race.running())
        names = {
            one: name for one, name in office.names.companies.items() if office.race.office.company_now(one) == one
        }
    lines = [
        (one, name, people[one], _badge(service, cards.get(one, FirmCard(one))))
        for one, name in sorted(names.items(), key=lambda line: line[1])
    ]
    return director_page(service, who, language, "firms", firms=lines)


def firm_answer(
    service: OfficeService,
    who: Official,
    language: Language,
    company: str,
    wrong: str = "",
    done: ChangedLook | None = None,
    sent: bool = False,
    ruled: bool = False,
) -> Response:
    """One firm; what was just changed or `ruled` of it, or why it could not be; `sent` where a form asks."""
    card = service.opened.directory.cards().get(company, FirmCard(company))
    acts = acts_of(service.opened).last(FIRM, SHOWN, company)
    with service.office() as office, speaking(language):
        name = office.names.companies.get(company)
        told = [act_words(office, one) for one in acts]
        race, firms = office.race, office.names.companies
        now = race.office.company_now(company)
        rulings = [
            (pos, ruling_words(office, fact), race.holds(pos))
            for pos, fact in office.facts_about(company).items()
            if isinstance(fact, CompaniesMerged | HeadcountDeclared)
        ]
        others = sorted(firms[one] for one in firms if one != now and race.office.company_now(one) == one)
        employees = race.office.employees.get(now, 0)
    if name is None:
        gone = _("There is no such firm: nothing was recorded.") if sent or wrong else _("There is no such firm.")
        return page_answer(closed_page(language, gone, (HERE, _("Firms"))), 404)
    looks, url = service.rooms.looks, firm_url(service.opened.settings.host, company)
    content: Mapping[str, Any] = {
        "name": name,
        "card": card,
        "badge": _badge(service, card),
        "code": looks.draw(card, url) if looks and url else "",
        "acts": told,
        "at": firm_at(company),
        "rulings": rulings,
        "others": others,
        "employees": employees,
        "now": (firm_at(now), firms.get(now, now)) if now != company else None,
        "changed": done,
        "notes": [one.to(language) for one in done.notes] if done else [],
        "kept": msgspec.json.encode(msgspec.structs.replace(done.before, accepted="")).decode() if done else "",
    }
    page = director_page(service, who, language, "firm_look", wrong=wrong, done=ruled, **content)
    return page_answer(page, 422 if wrong else 200)


def _badge(service: OfficeService, card: FirmCard) -> str:
    return service.rooms.looks.draw(card, "") if service.rooms.looks else ""
