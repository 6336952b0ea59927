"""The operator's page in one language: its HTML, and the texts that its script shows. Jinja is used here alone in this room."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from timing.language import Language, Text, _, speaking

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
SCRIPT_TEXTS: Final[dict[str, Text]] = {
    "station": _("station"),
    "start": _("start"),
    "finish": _("finish"),
    "split": _("Split"),
    "pen": _("Pen"),
    "runners": _("{n} bibs"),
    "in_the_log": _("Kept on this computer"),
    "trial": _("Trial: nothing is kept"),
    "log_waits": _("{n} waiting to be kept"),
    "unsent": _("{n} unsent"),
    "no_contact": _("No contact with the office"),
    "all_sent": _("All sent"),
    "now": _("now"),
    "ago": _("{n} s ago"),
    "fps": _("Frames/s"),
    "latency": _("Latency"),
    "drops": _("Frames dropped"),
    "unread": _("People unread"),
    "module": _("Px per module"),
    "clock": _("clock"),
    "steady": _("steady"),
    "disk": _("Disk free"),
    "contact": _("Last contact"),
    "place_is_right": _("It is in its place"),
    "unknown": _("unknown code"),
    "again": _("again"),
    "qr": _("QR"),
    "mark": _("mark"),
    "typed": _("by hand"),
    "tap": _("tap"),
    "undo": _("Undo"),
    "drop": _("Remove"),
    "bib_of_tap": _("Bib of the tap at {time}"),
    "bib_now": _("Bib crossing now"),
    "muted": _("Muted"),
    "sound_is_on": _("Sound is on"),
    "stopped": _("The station program is not running. Start it again in the terminal."),
    "not_taken": _("Not taken"),
    "tap_kept": _("The time is kept. Now type the bib."),
    "digits": _("A bib is a number."),
    "bib_kept": _("Bib {bib} is kept."),
    "mistyped": _("mistyped"),
    "line_known": _("Line: QR {px} px wide"),
    "line_unknown": _("The line is not known: hold a bib still over it, and press L."),
    "line_set": _("The line is set here."),
    "line_undone": _("The line is what it was before."),
}


def operator_html(token: str, language: Language) -> str:
    """The page; only who has read it knows the token."""
    texts = {key: text.to(language) for key, text in SCRIPT_TEXTS.items()}
    with speaking(language):
        return TEMPLATES.get_template("operator.html").render(
            _=_, language=language, other="en" if language == "ko" else "ko", token=token, texts=texts
        )
