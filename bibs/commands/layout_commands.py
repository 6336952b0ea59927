"""The command that lists the layouts and shows what their bibs look like."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from PIL import Image

from bibs.drawing.imposition import sheet_for
from bibs.drawing.layout import BibLayout, layout_named, shipped
from bibs.drawing.layout_checks import advice, digits_mm, faults, module_mm, quiet_mm
from bibs.drawing.pdf_pages import render_pages
from bibs.drawing.sheet import BibFace, FirmPacket, RaceHeader, draw_bibs
from timing.commands.command_line import command
from timing.errors import WrongUse
from timing.language import N_, _
from timing.race.codes import Code, check_character
from timing.race.marks import mark_book
from timing.replacing import must_write
from timing.terminal.output import say

PREVIEW_DOTS_PER_MM = 4.0
MODULES = 25  # of a QR with a host of up to 10 letters
SAMPLE = "7K3MXQ2WAB"


@command(
    "layouts",
    examples="marathon bibs layouts\nmarathon bibs layouts --preview 그림\nmarathon bibs layouts 우리도안.toml --preview 그림",
)
@click.argument("names", nargs=-1, metavar="[NAME|FILE.toml]...")
@click.option(
    "--preview",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=N_("write a picture of a bib of each into DIR"),
)
def layouts_command(names: tuple[str, ...], preview: Path | None) -> int:
    """List the layouts, and check your own.

    A layout is a TOML file in millimetres. Exit code 1 if one cannot be used.
    """
    chosen = {name: layout_named(name, Path.cwd()) for name in names} if names else shipped()
    bad = [name for name, layout in chosen.items() if not _show(name, layout)]
    if preview:
        for name, layout in chosen.items():
            if name not in bad:
                _write_preview(preview / f"{Path(name).stem}.png", layout)
    return int(bool(bad))


def _show(name: str, layout: BibLayout) -> bool:
    """Say what a layout is; False if it cannot be used."""
    click.echo(f"{name}  {layout.width:g}x{layout.height:g} mm  {layout.label}")
    marks = [str(_("mark {width:g} mm", width=box.width)) for box in layout.marks]
    mark = ", ".join(marks) or str(_("no mark"))
    click.echo(
        _(
            "  QR {width:g} mm, module {layout3:.2f} mm, quiet zone {layout4:.1f} mm; {mark}; digits {layout:.0f} mm; {layout2}",
            layout=digits_mm(layout),
            layout2=_office(layout),
            width=layout.code.width,
            layout3=module_mm(layout, MODULES),
            layout4=quiet_mm(layout, MODULES),
            mark=mark,
        )
    )
    found = list(faults(layout, MODULES))
    for finding in (*found, *advice(layout, MODULES)):
        click.echo(f"  {'✗' if finding in found else '!'} {finding.text}")
    return not found


def _office(layout: BibLayout) -> str:
    try:
        return str(_("{count} on an A4 sheet", count=len(sheet_for(layout, "office").places)))
    except WrongUse:
        return str(_("too large for A4"))


def _write_preview(path: Path, layout: BibLayout) -> None:
    bib = BibFace(1234, Code(SAMPLE + check_character(SAMPLE)), "", "김하늘", "개발팀", mark_book()[0])
    firm = FirmPacket("c0001", "㈜한빛소프트웨어테크놀로지", (bib,))
    with TemporaryDirectory(prefix="marathon-layout-") as folder:
        file = Path(folder) / "bib.pdf"
        draw_bibs(file, firm, RaceHeader("G밸리 스마트 마라톤", "GV.TEST", 4_500), layout)
        (picture,) = render_pages(file.read_bytes(), PREVIEW_DOTS_PER_MM)
    image = io.BytesIO()
    Image.fromarray(picture[..., ::-1]).save(image, "PNG")
    with must_write(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image.getvalue())
    say(_("preview: {path}", path=path))
