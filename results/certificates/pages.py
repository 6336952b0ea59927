"""The form for a certificate (full name and the bib's code), and its answer: the PDF, or the form again with the reason."""

from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request, Response

from results.board.answers import ASKED, FIELDS, FORM, PAGE, data_answer, page_answer, sender_of
from results.board.pages import lost_page, rendered_page
from results.board.site import Site
from results.certificates.certificate_service import CertificateService
from results.ranking.rows import Row
from results.view.eligibility import TITLES, kind_for, why_none
from results.web.templating import PREFIX
from timing.language import LANGUAGES, NOTHING, Language, Text, _
from timing.race.events import EditionPublished
from timing.web.bodies import body_within
from timing.web.contract import Media, described

BODY_MOST: Final = 2_000
NAME_MOST: Final = 100
CODE_MOST: Final = 120
"""The longest code: as it is printed, or the URL in the bib's QR."""
AGAIN_S: Final = 20
PDF: Final = "application/pdf"
Bib = Annotated[int, Path(ge=1, le=9_999_999)]


def certificate_pages(door: CertificateService) -> APIRouter:
    """The routes of the certificates, in each language."""
    router = APIRouter(tags=["certificates"])
    for language, prefix in PREFIX.items():
        _routes(router, door, language, f"/{prefix}certificate/{{bib}}")
    return router


def _routes(router: APIRouter, door: CertificateService, language: Language, at: str) -> None:
    def page(site: Site, bib: int, why: Text, status: int = 200) -> Response:
        shown = certificate_page(site, language, bib, why, door.edition, door.asks_code(bib))
        answer = page_answer(shown, status)
        if status == 503:
            answer.headers["retry-after"] = str(AGAIN_S)
        return answer

    @router.get(at, summary=f"The form for a runner's certificate ({language})", **asked(language))
    def form(bib: Bib) -> Response:
        site = door.site
        return page(site, bib, NOTHING) if bib in site.shown else page_answer(lost_page(), 404)

    @router.post(
        at,
        summary=f"The signed certificate as a PDF ({language}), for the full name (`name`) and the code on the bib (`code`)",
        **sent(language),
    )
    async def send(bib: Bib, request: Request) -> Response:
        site = door.site
        if bib not in site.shown:
            return page_answer(lost_page(), 404)
        name, code = _fields(await body_within(request.stream(), BODY_MOST))
        found = await door.give(bib, name, code, sender_of(request))
        if found.pdf:
            return data_answer(found.pdf, PDF, f"certificate-{bib:04}.pdf")
        return page(site, bib, found.why, found.status)


def asked(language: Language) -> dict[str, Any]:
    answers = {200: ("The form", PAGE), 404: ("There is no such runner", PAGE)}
    return described(f"get_certificate_form_{language}", {**ASKED, **answers})


def sent(language: Language) -> dict[str, Any]:
    answers = {
        200: ("The certificate", Media(PDF)),
        403: ("Another name or code, or not sent from our own page", PAGE),
        404: ("There is no such runner", PAGE),
        409: ("None is given yet, or none for this result", PAGE),
        429: ("Too many tries", PAGE),
        503: ("It cannot be made just now; come again", PAGE),
    }
    return described(f"send_certificate_form_{language}", {**FORM, **answers}, body=FIELDS)


def certificate_page(
    site: Site, language: Language, bib: int, why: Text, edition: EditionPublished | None, asks_code: bool
) -> str:
    """The form, with the edition that certificates are of (None: none are given yet); `why` the last try was refused."""
    published = site.view.in_edition(bib) if edition else None
    kind = site.view.certificate
    if published and not why_none(published, site.view.names):
        kind = kind_for(published, kind)
    return rendered_page(
        site, language, f"certificate/{bib}", "certificate.html", "index.html",
        title=f"{TITLES[kind].to(language)} {bib}", bib=bib, why=why.to(language),
        basis=_basis(edition, language) if edition else "", newer=_differs(published, site.shown[bib]),
        name_most=NAME_MOST, code_most=CODE_MOST, asks_code=asks_code,
    )  # fmt: skip


def _basis(edition: EditionPublished, language: Language) -> str:
    """Which edition the certificate is of."""
    if edition.state == "official":
        told = _("It tells what official edition {number} says.", number=edition.number)
    else:
        told = _(
            "It tells what provisional edition {number} says, and says that it is provisional.", number=edition.number
        )
    return told.to(language)


def _differs(published: Row | None, now: Row) -> bool:
    """Whether what a certificate says of a runner is no longer how the result stands."""
    return published is None or _told(published) != _told(now)


def _told(row: Row) -> tuple[object, ...]:
    return row.status, row.net_time, row.gun_time, row.place, row.sex_place, row.category_place


def _fields(body: bytes | None) -> tuple[str, str]:
    """The name and the code; empty where they are not there."""
    if body is None or body.count(b"&") > len(LANGUAGES):
        return "", ""
    sent = parse_qs(body.decode("utf-8", "replace"))
    return sent.get("name", [""])[0][:NAME_MOST], sent.get("code", [""])[0][:CODE_MOST]
