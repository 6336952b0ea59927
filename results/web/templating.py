"""The templates and static files of the pages: how each is rendered, and under which policy. Jinja is used here alone."""

import base64
import hashlib
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from timing.language import Language, Spoken, Text, _, english_beside, ngettext, speaking

HERE = Path(__file__).parent
STATIC = HERE / "static"
PREFIX: dict[Language, str] = {"ko": "", "en": "en/"}

ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # a server that runs stays with the files that its code belongs to
)


def _beside(text: Text, between: str = " ") -> Markup:
    """Korean, and the English marked as such."""
    korean, english = text.to("ko"), english_beside(text)
    return (
        Markup('{}{}<span lang="en">{}</span>').format(korean, Markup(between), english)
        if english
        else Markup.escape(korean)
    )


ENVIRONMENT.globals.update(
    _=_, ngettext=ngettext, both=_beside, lines=partial(_beside, between="<br>"), english_beside=english_beside
)


@cache
def style() -> str:
    """The style sheet that stands in each page, so that a phone paints without another request."""
    told = (STATIC / "board.css").read_text(encoding="utf-8").partition("*/")[2]
    return re.sub(r"\s*([{};,])\s*", r"\1", told.replace(": ", ":")).replace(";}", "}").strip()


@cache
def policy() -> str:
    """The content security policy: our own style and script, our own addresses, and nothing else in the world."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'self' 'sha256-{digest}'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'"
    )


def with_templates(folder: Path) -> Environment:
    """The board's templates, and before them those of a feature's own folder."""
    return ENVIRONMENT.overlay(loader=FileSystemLoader([folder, HERE / "templates"]))


@cache
def static_path(name: str, folder: Path = STATIC) -> str:
    """The path of a style sheet or script; it changes with the content, so that it may be cached for ever."""
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
    return f"static/{stem}.{digest}.{ending}"


def script_path() -> str:
    """The path of the script of every page."""
    return static_path("board.js")


def ways_back(language: Language, path: str) -> tuple[str, str]:
    """The relative paths from a page (`path` without the language) to the front page of its language and to the board's root."""
    home = "../" * path.count("/")
    return home, home + "../" * PREFIX[language].count("/")


def rendered(template: str, spoken: Spoken, templates: Environment = ENVIRONMENT, **content: Any) -> str:
    """A template rendered in a language."""
    with speaking(spoken):
        return templates.get_template(template).render(**content)
