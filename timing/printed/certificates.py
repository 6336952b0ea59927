"""A certificate as plain data: everything that is printed on it, in the words in which people read it. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

from timing.language import Text


class Figure(NamedTuple):
    """One of the smaller figures: `성별순위 · 남자`, `9위`, `/ 1,508명`."""

    label: Text
    value: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The content of a runner's certificate. Empty fields are left out.

    `headline` is the time, with its `label`; without one the course.
    `serial` tells certificates apart, `warning` says that it is not final, `signed` is the text of the QR: the result with the
    race's signature, without the name.
    """

    serial: Text
    race: Text
    title: Text
    warning: Text
    bib: int
    name: str
    company: str
    team: str
    course: str
    label: Text
    headline: str
    figures: tuple[Figure, ...]
    sentence: Text
    date: Text
    organiser: str
    notes: tuple[Text, ...]
    signed: str

    @property
    def from_people(self) -> tuple[str, ...]:
        """The texts that are not our own words: the fonts may lack a character of them."""
        return (
            self.name,
            self.company,
            self.team,
            self.race.to("ko"),
            self.race.to("en"),
            self.organiser,
            self.label.to("ko"),
            *self._labels,
        )

    @property
    def _labels(self) -> tuple[str, ...]:
        return tuple(figure.label.to("ko") for figure in self.figures)
