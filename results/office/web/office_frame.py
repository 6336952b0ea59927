"""The frame of the office's pages: the pages that a role may open, the style, and the page for whoever is not let in."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from results.office.service.office_service import OfficeService
from results.office.service.permissions import Task, may
from results.web.templating import STATIC, policy, rendered, style, with_templates
from timing.language import Language, Text, _
from timing.log.narration import ROLE_NAMES
from timing.people.office_seats import Official
from timing.race.chance import new_token

HERE: Final = Path(__file__).parent
NUMBER: Final = "once"
"""The field of a form with the number that its page gave it."""
TEMPLATES: Final = with_templates(HERE / "templates")
DIRECT: Final = "/office/editions"
"""Where the tab of the director's topics leads."""
TABS: Final[tuple[tuple[Task, str, Text], ...]] = (
    ("overview", "/office/", _("Overview")),
    ("people", "/office/people", _("People")),
    ("counter", "/office/new", _("New person")),
    ("counter", "/office/packets", _("Packets")),
    ("sheet", "/office/sheet", _("Times by hand")),
    ("gun", "/office/gun", _("Gun")),
    ("out", "/office/out", _("On course")),
    ("publish", DIRECT, _("Director")),
    ("seats", "/office/seats", _("Who may come in")),
)


@cache
def office_style() -> bytes:
    """The style sheet of the office, beside the board's own: with that of its charts."""
    return (STATIC / "plots.css").read_bytes() + (HERE / "templates" / "office.css").read_bytes()


@cache
def office_script() -> bytes:
    """The script of the office: live parts, previews in place, sheets checked while they are typed."""
    return (HERE / "static" / "office.js").read_bytes()


def closed_page(language: Language, why: Text, back: tuple[str, Text] | None = None) -> str:
    """Nobody is let in here without a session, or in this role, or there is nothing here; `back` leads on."""
    on = back and (back[0], back[1].to(language))
    return bare_page("closed.html", language, why=why.to(language), back=on)


def office_page(
    service: OfficeService, official: Official, language: Language, template: str, here: str, **content: Any
) -> str:
    """A page of the office under the tab of the address `here`, with the tabs that the official's role may open."""
    tabs = [(where, text.to(language), where == here) for task, where, text in TABS if may(official.role, task)]
    settings = service.opened.settings
    return bare_page(
        template, language, official=official, role=ROLE_NAMES[official.role].to(language), tabs=tabs,
        race_name=settings.name if language == "ko" else settings.name_en, stamp=service.stamp(), **content,
    )  # fmt: skip


def bare_page(template: str, language: Language, **content: Any) -> str:
    """A page without tabs, for whoever is not in."""
    around = {
        "language": language,
        "style": style(),
        "policy": policy(),
        "race_name": "",
        "tabs": [],
        "other": "en" if language == "ko" else "ko",
        "stamp": "",
        "once": once_field,
    }
    return rendered(template, language, TEMPLATES, **{"official": None, "role": "", **around, **content})


def once_field() -> Markup:
    """The hidden field with a number of its own, by which a form that is sent twice counts once."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(NUMBER, new_token())


def locked_out(languages: Language = "ko") -> str:
    """For whoever comes without a session."""
    return closed_page(
        languages,
        _("This page is for the race office. Ask the director for a link, and open it on this device."),
    )
