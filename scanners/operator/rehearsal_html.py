"""The report of a camera's rehearsal as one HTML file, pictures included."""

from base64 import b64encode
from typing import Final

from scanners.operator.operator_html import TEMPLATES
from scanners.station.camera_rehearsal import CameraRehearsal, RehearsedPass, advice, figures, verdict
from timing.language import Text, _, one_language
from timing.race.instants import SECOND

UNREAD_MOST: Final = 40
READ_MOST: Final = 12


def rehearsal_html(found: CameraRehearsal, source: str) -> str:
    """The page, in the language that is spoken; of those who were read the ones seen in the fewest frames are shown."""
    read = sorted(found.read, key=lambda one: one.sightings)[:READ_MOST]
    return TEMPLATES.get_template("rehearsal.html").render(
        _=_,
        language=one_language(),
        source=source,
        verdict=verdict(found),
        advice=advice(found),
        figures=figures(found),
        unread=[_shown(one) for one in found.unread[:UNREAD_MOST]],
        read=[_shown(one) for one in read],
    )


def _shown(one: RehearsedPass) -> tuple[str, str, Text]:
    """Its picture as a data address, when it was, and who and how."""
    picture = f"data:image/jpeg;base64,{b64encode(one.picture).decode()}" if one.picture else ""
    when = f"{one.at // SECOND // 60}:{one.at / SECOND % 60:04.1f}"
    if one.by == "unread":
        return picture, when, _("unread, in {n} frames", n=one.sightings)
    name = _("bib {bib}", bib=one.bib) if one.bib else _("unknown code")
    by = _("QR") if one.by == "qr" else _("mark")
    return picture, when, _("{name}, {by}, in {n} frames", name=name, by=by, n=one.sightings)
