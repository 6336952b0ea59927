"""The commands for a station's outbox as a file: list it, take it along, and take it in."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import cv2
import numpy as np

from scanners.cameras.passed_over import PassedOver, none_read
from scanners.cameras.stills import stills
from scanners.outbox.bundle import Bundle, bundle_of, read_bundle, read_bundle_file, take_in, written, zipped
from scanners.outbox.courier import Forked
from scanners.outbox.mending import Mended
from scanners.outbox.qr_series import data_of, texts_of
from scanners.outbox.room import was_unsaved
from scanners.outbox.salvage import Salvaged, read_outbox
from scanners.outbox.testimony import notes_of
from scanners.reading.decoder import decode_texts
from timing.command_line import Command, command, race_option, say
from timing.errors import Unreachable, WrongUse
from timing.events import BibTyped, Event, MarkRecorded, OutboxMended, ScanRecorded, TapNamed
from timing.folder import OpenRace, open_race
from timing.log.admission import Reason, admitted, set_aside_words, shown
from timing.log.narration import tell
from timing.private import write_private

Symbol = Callable[[str], Sequence[Sequence[bool]]]
"""Draws a text as a QR: its dark modules, row by row."""
MODULE_PX, QUIET = 6, 4
NUMBERS_SAID = 10
ZONE = "Asia/Seoul"
an_outbox = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))


def outbox_command(symbol: Symbol) -> click.Command:
    """The commands, with a skill of another room: `symbol` draws a QR."""

    @click.group("outbox")
    def outbox() -> None:
        """스테이션의 보관함 파일: 보고, 꾸러미로 내보냅니다. / A station's outbox file: see it, export it as a bundle."""

    @outbox.command(
        "export",
        cls=Command,
        examples="marathon outbox export stations/finish-1.db finish-1.zip\n"
        "marathon outbox export stations/finish-1.db --qr finish-1-qr",
    )
    @an_outbox
    @click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False), required=False)
    @click.option(
        "--qr",
        type=click.Path(path_type=Path, file_okay=False),
        help="QR 그림들로, 이 폴더에 / as pictures of QR codes in this folder",
    )
    def export(file: Path, bundle: Path | None, qr: Path | None) -> None:
        """보관함을 파일 하나나 QR 그림들로. / An outbox as one file, or as a series of QR codes.

        BUNDLE: .json이나 .zip. `marathon collect`가 어느 기계에서나 들입니다. / .json or .zip; any machine takes it in by
        `marathon collect`. QR 그림은 화면에 띄워 찍은 사진도 됩니다. / Photographs of the QR codes on a screen will do.
        """
        if bundle is None and qr is None:
            raise WrongUse("꾸러미 파일이나 --qr 폴더를 주세요", "name a bundle file, or a folder with --qr")
        packed = bundle_of(_salvaged(file))
        data = written(packed)
        if bundle is not None:
            _write(bundle, zipped(data) if bundle.suffix.lower() == ".zip" else data)
            say(f"{bundle}: {len(packed.items)}건", f"{bundle}: {len(packed.items)} items")
        if qr is not None:
            count = _write_series(qr, texts_of(data), symbol)
            say(f"{qr}: {len(packed.items)}건을 QR {count}장에", f"{qr}: {len(packed.items)} items in {count} QR codes")

    outbox.add_command(list_outbox)
    outbox.add_command(outbox_notes)
    return outbox


@click.command("list", cls=Command, examples="marathon outbox list stations/finish-1.db")
@an_outbox
@click.option("--zone", default=ZONE, show_default=True, help="시각의 시간대 / the time zone of the instants")
def list_outbox(file: Path, zone: str) -> None:
    """네트워크 없이도 스테이션이 본 것을 차례로. / What the station saw, in order; needs no network."""
    opened = _salvaged(file)
    for seq, item in enumerate(opened.items, 1):
        fact = admitted(item.data, opened.lineage)
        told = f"⚠ {' / '.join(fact)}: {shown(item.data)}" if isinstance(fact, tuple) else tell(fact, ZoneInfo(zone))
        click.echo(f"{seq:>6}  {_bib(fact, opened.roster):>10}  {told}")
    say(f"대회 {opened.race or '모름'}, 보관함 {opened.lineage}", f"race {opened.race or 'unknown'}, {opened.lineage}")


@click.command("notes", cls=Command, examples="marathon outbox notes stations/finish-1.db --out notes")
@an_outbox
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="점검표를 이 폴더에 하나씩 / write each note into this folder",
)
def outbox_notes(file: Path, out: Path | None) -> None:
    """스테이션이 받아 둔 서버의 서명한 점검표. / The server's signed notes that a station keeps.

    `marathon log verify --note 파일 --key 열쇠`로 서버의 기록과 맞춰 봅니다. / Hold them against the log with `marathon log verify
    --note FILE --key VERIFIER`.
    """
    notes = notes_of(file)
    for number, note in enumerate(notes, 1):
        click.echo(f"{note.said.size:>8}  {note.verifier}")
        if out:
            out.mkdir(parents=True, exist_ok=True)
            _write(out / f"{note.said.size:08}-{file.stem}-{number}.txt", note.text.encode())
    say(f"점검표 {len(notes)}장", f"{len(notes)} notes")


def _salvaged(file: Path) -> Salvaged:
    """An outbox as far as it can be read; the file stays as it is. What is damaged is said."""
    found = read_outbox(file)
    if not found.sound:
        korean, english = Mended(None, found.damaged, was_unsaved(file)).words()
        say(f"⚠ {file}: {korean}", f"{file}: {english}")
    return found


def _bib(fact: Event | Reason, roster: dict[str, int]) -> str:
    match fact:
        case ScanRecorded(code=code) | MarkRecorded(code=code) | BibTyped(code=code) | TapNamed(code=code):
            return str(roster.get(code, "?"))
        case _:
            return ""


def _write(file: Path, data: bytes) -> None:
    try:
        write_private(file, data)
    except OSError as failure:
        raise Unreachable(f"{file}에 쓸 수 없습니다: {failure}", f"cannot write {file}: {failure}") from failure


def _write_series(folder: Path, texts: Sequence[str], symbol: Symbol) -> int:
    """A picture for each text, numbered; left-overs of a longer series would be taken for this one's, so none may be there."""
    if folder.exists() and any(folder.glob("*.png")):
        raise WrongUse(f"{folder}에 그림이 이미 있습니다", f"{folder} holds pictures already; name a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise Unreachable(f"{folder}에 쓸 수 없습니다: {failure}", f"cannot write {folder}: {failure}") from failure
    width = len(str(len(texts)))
    for number, text in enumerate(texts, 1):
        _write(folder / f"{number:0{width}}-{len(texts)}.png", _png(symbol(text)))
    return len(texts)


def _png(modules: Sequence[Sequence[bool]]) -> bytes:
    dark = np.pad(np.array(modules, np.uint8), QUIET)
    picture = np.kron((1 - dark) * 255, np.ones((MODULE_PX, MODULE_PX), np.uint8))
    return bytes(cv2.imencode(".png", picture.astype(np.uint8))[1])


@command(
    "collect",
    examples="marathon collect /media/usb/finish-1.db\nmarathon collect finish-1.zip 사진/\n"
    "marathon collect stations/*.db --race gvalley",
)
@race_option
@click.argument("files", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
def collect(race: Path | None, files: tuple[Path, ...]) -> int:
    """스테이션의 보관함, 꾸러미, QR 사진 폴더를 기록에 모읍니다. / Take outboxes, bundles and folders of QR pictures into the log.

    네트워크가 없던 스테이션이나, 서버를 잃은 뒤에 씁니다. 차례가 어떻든, 몇 번을 하든 같습니다. / For stations without a network,
    and after a lost server; in any order, and doing it again changes nothing.
    상한 보관함은 읽을 수 있는 것을 모두 새 계보로 들이고, 파일은 그대로 둡니다. / Of a damaged outbox everything readable is taken in, under a
    new lineage, and the file stays as it is.
    QR 사진 폴더에서 읽지 못한 그림, 읽지 못해 세지 않는 기록은 이름과 까닭을 말하고, 1로 끝납니다. / Pictures of QR codes that cannot be
    read, and items that are kept and count for nothing, are named with the reason, and it exits 1.
    """
    grave = False
    with open_race(race) as opened:
        for file in files:
            passed_over = PassedOver()
            for bundle in _bundles(file, passed_over):
                grave |= _collect(opened, file, bundle)
            grave |= passed_over.grave
    return 1 if grave else 0


def _bundles(file: Path, passed_over: PassedOver) -> Iterator[Bundle]:
    if file.is_dir():
        yield from _photographed(file, passed_over)
    elif file.suffix.lower() in (".json", ".zip"):
        yield read_bundle_file(file)
    else:
        yield bundle_of(_salvaged(file))


def _photographed(folder: Path, passed_over: PassedOver) -> Iterator[Bundle]:
    """The bundles whose QR series lies in a folder of pictures."""
    read = [decode_texts(picture) for _, picture in stills(folder, passed_over)]
    series = data_of(text for texts in read for text in texts)
    if not series:
        korean, english = none_read(passed_over)
        if read:
            korean = f"그림 {len(read)}장에 꾸러미의 QR이 없습니다(넘긴 파일 {passed_over.count})"
            english = f"no QR of a bundle in {len(read)} pictures ({passed_over.count} files passed over)"
        raise WrongUse(f"{folder}: {korean}", f"{folder}: {english}")
    yield from (read_bundle(data, f"{folder} {name}") for name, data in sorted(series.items()))


def _collect(opened: OpenRace, file: Path, bundle: Bundle) -> bool:
    """Take a bundle in; whether some of it counts for nothing."""
    if bundle.race not in ("", opened.settings.id):
        raise WrongUse(f"{file}: 다른 대회의 보관함입니다", f"{file} belongs to another race ({bundle.race})")
    before = opened.log.head().seq
    taken = take_in(opened.log, bundle)
    added = opened.log.head().seq - before
    say(f"{file}: 새로 {added}건", f"{file}: {added} new")
    if not taken.whole:
        raise Forked(bundle.lineage)
    if taken.set_aside:
        numbers = ", ".join(map(str, taken.set_aside[:NUMBERS_SAID])) + (
            " …" if len(taken.set_aside) > NUMBERS_SAID else ""
        )
        korean, english = set_aside_words(len(taken.set_aside))
        say(f"{file}: {korean} ({numbers})", f"{file}: {english} (items {numbers})")
    return bool(taken.set_aside) or _tells_damage(bundle)


def _tells_damage(bundle: Bundle) -> bool:
    return any(isinstance(admitted(item, bundle.lineage), OutboxMended) for item in bundle.items)
