"""The commands that one room declares and another one helps; each is a function, so that only its own rooms are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from server.features import plugs_of
from server.printer import certificate_printer, codes_of, needing, print_results, read_codes, readers, symbol

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def people() -> click.Command:
    """The names, and the commands about people that other rooms have: one is a row of a list, one a ruling."""
    from bibs.commands.add_command import people_add
    from results.office.commands.stand_in_commands import stand_in
    from timing.commands.people_commands import people

    people.add_command(people_add)
    people.add_command(stand_in)
    return people


def log() -> click.Command:
    """The log; its verification makes editions again by the results' rules."""
    from results.board.edition_archive import editions_that_differ
    from timing.commands.log_commands import log
    from timing.commands.verify_command import verify_command

    log.add_command(verify_command(editions_that_differ))
    return log


def bibs() -> click.Command:
    """Printing, with the station's own decoders and a second decoder as the judges of what was printed."""
    from bibs.commands.print_commands import bibs_command

    return bibs_command(readers())


def firm() -> click.Command:
    """Firms' cards, with the station's decoder and a second one as the judges of a QR's design."""
    from bibs.commands.firm_commands import firm_command
    from scanners.reading.decoder import both_decoders

    return firm_command(both_decoders)


def board() -> click.Command:
    """The board as files, with the bibs' drawing of firms' QR codes; and the announcer's link."""
    from results.announcer.commands import announcer
    from results.commands.board_commands import board_command

    board = board_command(codes_of, plugs_of)
    board.add_command(announcer)
    return board


def office() -> click.Command:
    """The race office's links, with the bibs' drawing of their QR."""
    from bibs.design.symbol import note_modules
    from results.office.commands.office_commands import office_command

    return office_command(note_modules)


def results() -> click.Command:
    """Results, with the bibs' printer for their PDF."""
    from results.commands.results_commands import results_command

    return results_command(print_results)


def certificates() -> click.Command:
    """Certificates, with the bibs' printer, and the station's decoder as the judge of their codes."""
    from results.certificates.commands import certificates_command

    return certificates_command(certificate_printer())


def verify() -> click.Command:
    """Signed results, with the bibs' renderer and the station's reader for those that come as files."""
    from results.certificates.commands import verify_command

    return verify_command(read_codes)


def station() -> click.Command:
    """Stations, with the bibs' QR for their enrolment."""
    from timing.commands.station_commands import station_command

    return station_command(symbol)


def evidence() -> click.Command:
    """Pictures of scans, with the results' words for what became of each."""
    with needing("station"):
        from scanners.commands.evidence_commands import evidence_command

    from results.view.evidence import became

    return evidence_command(became)


def unread() -> click.Command:
    """Who passed unread, with the station's pictures of them."""
    with needing("station"):
        from scanners.intake.requested_pictures import picture_file

    from results.office.commands.unread_commands import unread_command

    return unread_command(lambda opened, lineage, seq: picture_file(opened.root, lineage, seq))


def film() -> click.Command:
    """The stations' film."""
    with needing("station"):
        from scanners.commands.film_commands import film as films

    return films


def scan() -> click.Command:
    """The station, with the board's web server for its operator's page."""
    with needing("station"):
        from scanners.commands.scan_commands import scan_command

    return scan_command(_page_beside)


def rehearse_camera() -> click.Command:
    """The rehearsal of a camera."""
    with needing("station"):
        from scanners.commands.rehearsal_command import rehearse_camera_command

    return rehearse_camera_command


@contextmanager
def _page_beside(app: ASGIApp, port: int) -> Iterator[str]:
    """A page for this machine alone, served beside other work; gives its address."""
    from results.web.http_server import bind, serving

    listening = bind("127.0.0.1", port)
    with serving(app, listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def clock() -> click.Command:
    """The clock as a QR, by the bibs' printer."""
    from scanners.commands.clock_commands import clock_command

    return clock_command(symbol)
