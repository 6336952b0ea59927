"""The addresses of the race office, topic by topic: each page asks for what its visitor's role may do."""

from fastapi import APIRouter

from results.office.service.office_service import OfficeService
from results.office.web.bib_routes import bib_pages
from results.office.web.counter_routes import counter_pages
from results.office.web.edition_routes import edition_pages
from results.office.web.entrance_routes import entrance_pages
from results.office.web.file_routes import file_pages
from results.office.web.firm_routes import firm_pages
from results.office.web.firm_ruling_routes import firm_ruling_pages
from results.office.web.gun_routes import gun_pages
from results.office.web.job_routes import job_pages
from results.office.web.list_routes import list_pages
from results.office.web.newcomer_routes import newcomer_pages
from results.office.web.overview_routes import overview_pages
from results.office.web.people_routes import people_pages
from results.office.web.print_routes import print_pages
from results.office.web.prize_routes import prize_pages
from results.office.web.rules_routes import rules_pages
from results.office.web.seat_routes import seat_pages
from results.office.web.sheet_routes import sheet_pages
from results.office.web.station_routes import station_pages
from results.office.web.station_ruling_routes import station_ruling_pages


def office_pages(service: OfficeService) -> APIRouter:
    """All routes of the office; a topic is a module of its own and a line here."""
    router = APIRouter(prefix="/office", tags=["office"])
    for pages in (
        entrance_pages, overview_pages, people_pages, counter_pages, newcomer_pages, bib_pages, gun_pages, sheet_pages, edition_pages, prize_pages, list_pages, firm_pages, firm_ruling_pages, print_pages, rules_pages, file_pages, job_pages, seat_pages, station_pages, station_ruling_pages,
    ):  # fmt: skip
        pages(router, service)
    return router
