"""The proof as `marathon bibs` does it; and, as a program of its own, the peak memory of a large field drawn and proved."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.printed import OCCASION, firms, in_order
from bibs.drawing.sheet import BibFace, FirmPacket, draw_mixed
from bibs.printing.proof import DecoderFactory, prove_mixed
from scanners.reading.decoder import decode_texts, second_texts
from scanners.reading.mark_reader import proof_reader
from timing.race.codes import Code


def prove_people(file: Path, people: Sequence[tuple[FirmPacket, BibFace]], second: bool) -> None:
    """Read every page back, against the marks of the whole field."""
    marks: dict[str, Code] = {bib.mark: bib.code for _, bib in people if bib.mark}
    decoders = DecoderFactory(decode_texts, proof_reader, second_texts() if second else None).decoders(marks)
    prove_mixed(file, people, OCCASION, decoders)


def main() -> None:
    """Print the peak memory in MiB: before, after drawing, after the proof."""
    people = in_order(firms(int(sys.argv[1])))
    with TemporaryDirectory(prefix="bench-bibs-") as folder:
        file = Path(folder) / "many.pdf"
        print(f"{_peak_mib():.1f}")
        draw_mixed(file, people, "bench", OCCASION)
        print(f"{_peak_mib():.1f}")
        prove_people(file, people, second=True)
        print(f"{_peak_mib():.1f}")


def _peak_mib() -> float:
    """Since this program began; `getrusage` would count the one that started it as well."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1_024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
