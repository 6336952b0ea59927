"""A made-up firm's bibs, and the decoders that judge them: what tests of printing share."""

from typing import Final

from bibs.drawing.sheet import BibFace, FirmPacket, RaceHeader
from bibs.printing.proof import DecoderFactory, Decoders
from scanners.reading.decoder import decode_texts, second_texts
from scanners.reading.mark_reader import proof_reader
from tests.clock_and_chance import seeded_bits
from timing.race.codes import new_code
from timing.race.marks import mark_book

OCCASION: Final = RaceHeader("연습 마라톤", "GV.TEST", 4_500)
READERS: Final = DecoderFactory(decode_texts, proof_reader, second_texts())


def firm_of(people: int, name: str = "가산정밀", seed: int = 1) -> FirmPacket:
    """A firm of so many runners, numbered from 1001."""
    bits = seeded_bits(seed)
    bibs = (BibFace(1001 + n, new_code(bits), f"e{n}", f"선수{n}", "", mark_book()[n]) for n in range(people))
    return FirmPacket("c0001", name, tuple(bibs))


def eyes_for(*firms: FirmPacket) -> Decoders:
    """The station's own decoders and a second decoder, with the list of a race of these firms alone."""
    return READERS.decoders({bib.mark: bib.code for firm in firms for bib in firm.bibs if bib.mark})
