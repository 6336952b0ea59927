"""Plugs the spectators into the board: their count and vote as a section of its pages, and the routes of their phones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from results.board.plugs import Doors, ShownBoard
from results.board.site import Maker, Part, Section, Site
from results.spectators.arrivals import SpectatorScans
from results.spectators.ballots import Ballots
from results.spectators.pages import TAB, VOTE, firm_part, spectator_files
from results.spectators.promotion import Promoted, Promotion
from results.spectators.routes import spectator_routes
from results.spectators.scans import Rejections, ScanStore
from results.spectators.spectator_service import SpectatorService
from results.spectators.tickets import Tickets, landing
from results.spectators.votes import Votes
from timing.folder import OpenRace
from timing.language import Language, _
from timing.people.race_keys import key_of
from timing.store.low_priority_writer import LowPriorityWriter


@dataclass(frozen=True, slots=True)
class SpectatorSection(Section):
    """The spectators' pages at one moment."""

    promotion: Promotion
    tab = TAB, _("QR fans")
    folders = "qrpr", "vote"

    @property
    def shown(self) -> object:
        poll = self.promotion.poll
        return replace(poll, votes=None) if poll else None

    def files(self, site: Site) -> Mapping[str, Maker]:
        return spectator_files(site, self.promotion)

    def links(self, language: Language) -> list[tuple[str, str]]:
        return [(VOTE, _("Votes").to(language))] if self.promotion.open_now else []

    def on_firm(self, site: Site, language: Language, company: str) -> Part:
        return firm_part(site, self.promotion, language, company)


class SpectatorPlug:
    """The feature of one race; `low_priority_writer` writes for it, None where a board is only read."""

    def __init__(self, opened: OpenRace, low_priority_writer: LowPriorityWriter | None = None) -> None:
        self._opened, self._low_priority_writer = opened, low_priority_writer
        self._promoted = Promoted(opened, low_priority_writer)

    def now(self) -> SpectatorSection:
        """The section as it stands."""
        return SpectatorSection(self._promoted.now())

    def doors(self, board: ShownBoard) -> Doors:
        """The routes that count scans and take votes, and the ticket for each phone that scanned a bib."""
        engine, race, clock = self._opened.engine, self._opened.settings.id, self._opened.clock
        desk = SpectatorService(
            self._low_priority_writer or LowPriorityWriter(engine), Rejections(engine, race), clock, self._opened.zone
        )
        tickets = Tickets(key_of(engine, race, "ticket"), clock)
        arrivals = SpectatorScans(desk, tickets, ScanStore(engine, race), clock)
        votes = Votes(desk, Ballots(engine, race), key_of(engine, race, "vote"), clock)

        def bib_of(code: str) -> int | None:
            bib = board.bib_of(code)
            return bib if bib in board.snapshot.site.shown else None

        return Doors(spectator_routes(arrivals, votes), landing(tickets, bib_of))


plug = SpectatorPlug
