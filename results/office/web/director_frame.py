"""The frame of the director's pages, which prepare the race and publish its results: their topics under one tab."""

from typing import Any, Final

from results.office.service.office_service import OfficeService
from results.office.web.office_frame import DIRECT, office_page
from timing.language import Language, Text, _
from timing.people.office_seats import Official

TOPICS: Final[tuple[tuple[str, Text], ...]] = (
    ("rosters", _("Lists in")),
    ("firms", _("Firms")),
    ("bibs", _("Bibs")),
    ("stations", _("Stations")),
    ("rules", _("Rules")),
    ("editions", _("Editions")),
    ("prizes", _("Prizes")),
    ("files", _("Files")),
)


def director_page(service: OfficeService, who: Official, language: Language, topic: str, **content: Any) -> str:
    """A page of one topic, from the template of its name; what was `done`, or is `wrong`, stands above it."""
    topics = [(f"/office/{name}", label.to(language), name == topic) for name, label in TOPICS]
    return office_page(
        service, who, language, f"{topic}.html", DIRECT, **{"topics": topics, "done": False, "wrong": "", **content}
    )
