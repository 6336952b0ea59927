"""Bibs printed by the office's browser: all firms or some, who is new alone, one again; what lies printed, to be fetched."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Final, NamedTuple, get_args
from zipfile import ZIP_STORED, ZipFile

from fastapi import APIRouter, Depends, Response
from starlette.responses import FileResponse

from results.board.answers import FIELDS, GUARDS, page_answer
from results.office.jobs.background_jobs import BackgroundJob
from results.office.jobs.bib_printing import SPARES, BibOrder, BibPrinter, Output, PrintedBibs, PrintedPacket
from results.office.rulings.decisions import undo
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.office.service.office_service import OfficeService
from results.office.web.director_frame import director_page
from results.office.web.office_session import ANSWERS, SENT, Allowed, Fields, FieldsWithin, Spoken, go_to, whole_number
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import Language, Text, _, speaking
from timing.people.office_seats import Official
from timing.race.codes import Code
from timing.race.events import BibsPrinted
from timing.web.contract import Media, described

HERE: Final = "/office/bibs"
FIRM: Final = "firm "
"""Before a firm's id in the name of the field that chooses it."""
FIRMS_MOST: Final = 2_000
SPARES_MOST: Final = 1_000
AGAIN_MOST: Final = 200
EACH_FACT: Final = 10_000
"""Codes that one fact takes."""
FIRMS_SHOWN: Final = 5
PLAIN: Final[Output] = "plain"
PACKED: Final = "bibs.zip"
FETCHED: Final = {**ANSWERS, 200: ("The file", Media("application/pdf"))}
OUTPUTS: Final[Mapping[Output, Text]] = {
    "plain": _("one bib a page"),
    "office": _("the office's A4, to cut"),
    "shop": _("a print shop's, with 3 mm of bleed"),
}
assert set(OUTPUTS) == set(get_args(Output))
Ordered = Annotated[Fields, Depends(FieldsWithin(100_000, FIRMS_MOST))]


class FirmToPrint(NamedTuple):
    """One firm on the page: how many run, how many of those have no printed bib, and what lies printed."""

    company: str
    name: str
    people: int
    new: int
    packet: PrintedPacket | None


def print_pages(router: APIRouter, service: OfficeService) -> None:
    director = Depends(Allowed(service, "direct"))

    @router.get("/bibs", summary="Bibs to be printed, and printed ones", **described("get_bibs", ANSWERS))
    def bibs(who: Annotated[Official, director], language: Spoken, done: str = "") -> Response:
        return page_answer(_page(service, who, language, done=bool(done)))

    @router.post(
        "/bibs",
        summary="`form=print`: packets of the firms chosen by `firm ID` fields, of all where none is; `form=again`: the bibs of `again`; `form=said`: those of the chosen firms were printed elsewhere, `why`; `form=undo`: not what stands at `pos`",
        **described("print_bibs", SENT, body=FIELDS),
    )
    def begin(who: Annotated[Official, director], language: Spoken, sent: Ordered) -> Response:
        def work(job: BackgroundJob) -> Sequence[Text]:
            return print_into(service.opened, printer, order, job)

        try:
            if sent.get("form") in ("said", "undo"):
                service.record_now(lambda office: _said(office, sent, who))
                return go_to(f"{HERE}?done=1")
            order, printer = _order(sent)._replace(by=who.name, role=who.role), printer_of(service)
            return go_to(service.jobs.begin("bibs", _("Bibs"), HERE, language, work).page)
        except RaceError as wrong:
            return page_answer(_page(service, who, language, wrong.text.to(language)), 422)

    @router.get(
        "/bibs/{firm}/{file}", summary="A printed file of a firm's packet", **described("get_bib_file", FETCHED)
    )
    def fetch(who: Annotated[Official, director], language: Spoken, firm: str, file: str) -> Response:
        packet = service.rooms.bibs.packets(service.opened).get(firm) if service.rooms.bibs else None
        if packet is None or file not in packet.files:
            gone = _("This file is not here any more; print the packet again.")
            return page_answer(_page(service, who, language, gone.to(language)), 404)
        return FileResponse(packet.files[file], headers=GUARDS, filename=f"{firm}-{file}")


def print_into(opened: OpenRace, printer: BibPrinter, order: BibOrder, job: BackgroundJob) -> Sequence[Text]:
    """Print, and give the job the files: those of one packet each by itself, those of several packed into one."""

    def steps(count: int) -> Callable[[int], None]:
        job.expect(count)

        def done(more: int) -> None:
            for _step in range(more):
                job.step()

        return done

    found: PrintedBibs = printer.print(opened, order, steps)
    if len({name.partition("/")[0] for name in found.files}) == 1:
        for name, path in found.files.items():
            job.keep(name.rpartition("/")[2], path.read_bytes())
    elif found.files:
        with ZipFile(job.folder / PACKED, "w", ZIP_STORED) as packed:
            for name, path in found.files.items():
                packed.write(path, name)
        job.offer(job.folder / PACKED)
    return found.notes


def _order(sent: Fields) -> BibOrder:
    """What the form asks for.

    Raises:
        RaceError: it is no order.
    """
    output = next((one for one in OUTPUTS if one == sent.get("output")), PLAIN)
    how = BibOrder(sent.get("layout", "")[:80], output, bool(sent.get("marks")) and output == "shop")
    if sent.get("form") == "again":
        told = sent.get("again", "").replace(",", " ").split()
        if not told or len(told) > AGAIN_MOST or not all(one.isascii() and one.isdigit() for one in told):
            raise RaceError(_("write bibs as 1005 or 1005, 1017"))
        return how._replace(reprint=tuple(dict.fromkeys(int(one[:6]) for one in told)))
    if sent.get("form") != "print":
        raise RaceError(_("there is no such form"))
    firms = _chosen(sent)
    spares = whole_number(sent, "spares", SPARES_MOST) if sent.get("spares") else 0
    return how._replace(only_new=bool(sent.get("only_new")), firms=firms, spares=spares)


def _chosen(sent: Fields) -> tuple[str, ...]:
    return tuple(key.removeprefix(FIRM) for key in sent if key.startswith(FIRM))


def _said(office: Office, sent: Fields, who: Official) -> Decision:
    """That bibs were printed elsewhere, or no longer so.

    Raises:
        RaceError: no firm was chosen, or all of its bibs are printed; or there is nothing to take back.
    """
    if sent.get("form") == "undo":
        position = whole_number(sent, "pos", 10**15)
        if not isinstance(office.race.said.get(position), BibsPrinted):
            raise RaceError(_("there is no such form"))
        return undo(office, position, who.name, str(_("taken back in the office"))).in_role(who.role)
    chosen, race = _chosen(sent), office.race
    if not chosen or not sent.get("elsewhere"):
        raise RaceError(_("tick the firms, and say who printed their bibs"))
    codes = [one.code for one in race.running() if one.company in chosen and one.code]
    if SPARES in chosen:
        codes += [code for code in race.office.spares.values() if code not in race.holders]
    new = [code for code in codes if code not in race.office.printed]
    if not new:
        raise RaceError(_("nobody of these firms has a number whose bib is not printed yet"))
    parts = [new[at : at + EACH_FACT] for at in range(0, len(new), EACH_FACT)]
    return Decision([BibsPrinted(tuple(part), who.name, sent["elsewhere"][:200], role=who.role) for part in parts])


def _elsewhere(office: Office) -> Iterator[tuple[int, str]]:
    """What was said to be printed elsewhere and still holds, the last first: position and sentence with the firms."""
    race = office.race
    for pos, fact in reversed(race.said.items()):
        if isinstance(fact, BibsPrinted) and fact.why and race.holds(pos):
            holders = (race.holder(Code(code)) for code in fact.codes)
            firms = sorted({office.names.company(one.company) for one in holders if one})
            shown = ", ".join(firms[:FIRMS_SHOWN]) + ("" if len(firms) <= FIRMS_SHOWN else f" … +{len(firms) - FIRMS_SHOWN}")  # fmt: skip
            yield pos, f"{shown}: {told(office, fact)}" if shown else told(office, fact)


def _page(service: OfficeService, who: Official, language: Language, wrong: str = "", done: bool = False) -> str:
    """The firms, what lies printed of each, and the forms."""
    printer = service.rooms.bibs
    packets = printer.packets(service.opened) if printer else {}
    with service.office() as office, speaking(language):
        firms, elsewhere = _firms(office, packets), list(_elsewhere(office))
    own = service.opened.settings.layout
    layouts = [(name, title.to(language)) for name, title in printer.layouts()] if printer else []
    return director_page(
        service, who, language, "bibs", wrong=wrong, done=done, elsewhere=elsewhere,
        firms=firms, spares=packets.get(SPARES), own=own, layouts=layouts,
        outputs=[(one, text.to(language)) for one, text in OUTPUTS.items()],
        running=next((job for job in service.jobs.recent() if job.key == "bibs"), None),
    )  # fmt: skip


def _firms(office: Office, packets: Mapping[str, PrintedPacket]) -> list[FirmToPrint]:
    people: dict[str, list[bool]] = {}
    for entrant in office.race.running():
        people.setdefault(entrant.company, []).append(entrant.code in office.race.office.printed)
    lines = (
        FirmToPrint(one, office.names.companies.get(one, one), len(there), there.count(False), packets.get(one))
        for one, there in people.items()
    )
    return sorted(lines, key=lambda line: line.name)


def printer_of(service: OfficeService) -> BibPrinter:
    """The printer.

    Raises:
        RaceError: the server has none.
    """
    if service.rooms.bibs is None:
        raise RaceError(_("bibs are not printed here"))
    return service.rooms.bibs
