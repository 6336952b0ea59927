"""The command that lists the layouts and shows what their bibs look like."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from PIL import Image

from bibs.drawing.imposition import sheet_for
from bibs.drawing.layout import BibLayout, layout_named, shipped
from bibs.drawing.layout_checks import advice, digits_mm, faults, module_mm, quiet_mm
from bibs.drawing.pages import render_pages
from bibs.drawing.sheet import Bib, Firm, Occasion, draw_bibs
from timing.codes import Code, check_character
from timing.command_line import command, say
from timing.errors import Unreachable, WrongUse
from timing.marks import book

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
    help="배번 그림(PNG)을 DIR에 / write a picture of a bib of each into DIR",
)
def layouts_command(names: tuple[str, ...], preview: Path | None) -> int:
    """배번 도안을 보여 주고 점검합니다. / List the layouts, and check one's own.

    도안은 mm로 적은 TOML 파일입니다. 쓸 수 없는 도안이 있으면 1로 끝납니다. / A layout is a TOML file in millimetres. Exit code 1 if
    one cannot be used.
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
    click.echo(f"{name}  {layout.width:g}x{layout.height:g} mm  {layout.title}")
    mark = f"표식 / mark {layout.mark.width:g} mm" if layout.mark else "표식 없음 / no mark"
    click.echo(
        f"  QR {layout.code.width:g} mm, 한 칸 / module {module_mm(layout, MODULES):.2f} mm, "
        f"둘레 / white {quiet_mm(layout, MODULES):.1f} mm; {mark}; 번호 / digits {digits_mm(layout):.0f} mm; {_office(layout)}"
    )
    found = list(faults(layout, MODULES))
    for finding in (*found, *advice(layout, MODULES)):
        click.echo(f"  {'✗' if finding in found else '!'} {finding.korean} / {finding.english}")
    return not found


def _office(layout: BibLayout) -> str:
    try:
        return f"A4에 {len(sheet_for(layout, 'office').places)}장 / on an A4 sheet"
    except WrongUse:
        return "A4에 안 들어감 / too large for A4"


def _write_preview(path: Path, layout: BibLayout) -> None:
    bib = Bib(1234, Code(SAMPLE + check_character(SAMPLE)), "", "김하늘", "개발팀", book()[0])
    firm = Firm("c0001", "㈜한빛소프트웨어테크놀로지", (bib,))
    with TemporaryDirectory(prefix="marathon-layout-") as folder:
        file = Path(folder) / "bib.pdf"
        draw_bibs(file, firm, Occasion("G밸리 스마트 마라톤", "GV.TEST", 4_500), layout)
        (picture,) = render_pages(file.read_bytes(), PREVIEW_DOTS_PER_MM)
    image = io.BytesIO()
    Image.fromarray(picture[..., ::-1]).save(image, "PNG")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image.getvalue())
    except OSError as failure:
        raise Unreachable(f"{path}에 쓸 수 없습니다: {failure}", f"cannot write {path}: {failure}") from failure
    say(f"그림: {path}", f"preview: {path}")
