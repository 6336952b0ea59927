"""What a firm's card changes on its packet: the QR's look, and where the packet goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bibs.design.qr_style import QrStyle, look_of
from bibs.drawing.sheet import FirmPacket
from timing.errors import RaceError
from timing.language import _
from timing.race.firms import PLAIN, FirmCard


class NotAccepted(RaceError):
    """A design's logo or size, or the rules, changed since it was accepted."""

    def __init__(self, firm: str) -> None:
        super().__init__(
            _(
                "the QR design of {firm} is not the one that was tried (its logo, the host, or the rules changed); try it again with `marathon firm set {firm}`",
                firm=firm,
            ),
        )


def looks_of(cards: Iterable[FirmCard], root: Path, text: str) -> dict[str, QrStyle]:
    """The look of every firm that has its own; `text` is one of the race's codes and tells their size.

    Raises:
        NotAccepted: a design is not the one that was tried.
        Unreachable, WrongUse: a logo's file is gone or broken.
    """
    looks = {}
    for card in cards:
        if card.design != PLAIN:
            look = looks[card.company] = look_of(card.design, root)
            if not look.accepted(text):
                raise NotAccepted(card.company)
    return looks


def dressed(
    firms: Iterable[FirmPacket], cards: Mapping[str, FirmCard], looks: Mapping[str, QrStyle]
) -> list[FirmPacket]:
    """The firms' packets with what their cards say."""
    found = ((firm, cards.get(firm.id, FirmCard(firm.id))) for firm in firms)
    return [
        replace(firm, building=card.building, floor=card.floor, look=looks.get(firm.id, firm.look))
        for firm, card in found
    ]


def on_the_way(firms: Sequence[FirmPacket], cards: Mapping[str, FirmCard]) -> list[FirmPacket]:
    """The firms in the order in which packets are carried around: building by building, upwards; the unplaced last."""
    return sorted(firms, key=lambda firm: cards.get(firm.id, FirmCard(firm.id)).way)
