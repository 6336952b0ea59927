"""The printer of bibs as the office's page needs it: the function of `marathon bibs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.printer import needing, readers
from timing.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bibs.drawing.sheet import Progress
    from results.office.jobs.bib_printing import BibOrder, BibPrinter, PrintedBibs, PrintedPacket, Steps
    from timing.folder import OpenRace
    from timing.language import Text


def bib_printer() -> BibPrinter:
    """The printer, whose libraries are loaded when it is first asked."""
    from results.office.jobs.bib_printing import BibPrinter

    return BibPrinter(_layouts, _packets, _print)


def _layouts() -> Sequence[tuple[str, Text]]:
    with needing("bibs"):
        from bibs.drawing.layout import shipped
    return [(name, layout.label) for name, layout in shipped().items()]


def _packets(opened: OpenRace) -> Mapping[str, PrintedPacket]:
    with needing("bibs"):
        from bibs.printing.manifest import packets
    from results.office.jobs.bib_printing import PrintedPacket

    return {
        told.firm: PrintedPacket(
            frozenset(bib.code for bib in told.bibs),
            told.layout,
            {file.name: file for file in sorted(folder.glob("*.pdf"))},
        )
        for folder, told in packets(opened.root / "bibs")
        if told.firm
    }


def _print(opened: OpenRace, order: BibOrder, steps: Steps) -> PrintedBibs:
    with needing("bibs"):
        from bibs.printing.print_job import PrintOrder, print_bibs
    from results.office.jobs.bib_printing import PrintedBibs

    def begin(count: int, _remarks: Sequence[Text]) -> Progress:
        return steps(count)

    printed = print_bibs(opened, readers(), PrintOrder(**{**order._asdict(), "layout": order.layout or None}), begin)
    files = {
        f"{folder.name}/{file.name}": file
        for folder in printed.paths
        if folder.is_dir()
        for file in sorted(folder.glob("*.pdf"))
    }
    files |= {file.name: file for file in printed.paths if file.is_file()}
    if len(printed.paths) > 1:
        root = opened.root / "bibs"
        files |= {file.name: file for file in (root / "index.pdf", root / "index.csv")}
    verdict = {
        "two decoders": _(
            "Every page was read back by two decoders and the station's reader, and says what it should."
        ),
        "one decoder": _("Every page was read back by one decoder and the station's reader, and says what it should."),
        "no": _("No page was read back."),
    }
    notes = [*printed.remarks]
    if not printed.paths:
        return PrintedBibs({}, [*notes, _("nobody is new; nothing was printed")])
    count = ngettext("{n} bib was printed.", "{n} bibs were printed.", printed.bibs)
    return PrintedBibs(files, [count, verdict[printed.proved], *notes])
