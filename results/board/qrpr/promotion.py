"""What the board shows beside the results: spectators' scans by firm, the votes, the quiz. No facts of the log; read now and then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from results.board.qrpr.quiz import Question, read_quiz
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.instants import SECOND, Instant, day_of
from timing.store.ballots import BALLOTS, BallotName, Ballots, Candidate
from timing.store.gathering import Gathering
from timing.store.spectators import Spectators

PHOTOS: Final = "photos"
"""The folder in the race folder where the pictures are kept."""
QUIZ: Final = "quiz.toml"
READ_AGAIN_AFTER: Final = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Poll:
    """A ballot as people see it; without `votes` while these are nobody's business."""

    name: BallotName
    open: bool
    candidates: Sequence[Candidate]
    votes: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Promotion:
    """Everything of it at one moment."""

    scans: Mapping[str, int] = field(default_factory=dict)
    """By firm; who has none is left out."""
    polls: Sequence[Poll] = ()
    quiz: Sequence[Question] = ()
    folder: Path | None = None
    """Where the pictures are."""

    @property
    def open_now(self) -> list[str]:
        """What spectators can take part in at this moment: `vote`, `quiz`."""
        vote = any(poll.open and poll.candidates for poll in self.polls)
        return [key for key, is_open in (("vote", vote), ("quiz", bool(self.quiz))) if is_open]


def promotion_of(opened: OpenRace) -> Promotion:
    """How things stand now. A quiz that cannot be read is left out: `marathon quiz check` tells why."""
    race, ballots = opened.settings.id, Ballots(opened.engine, opened.settings.id)
    asked = {one.name: one for one in ballots.ballots()}
    polls = [
        Poll(
            name,
            asked[name].open,
            ballots.candidates(name),
            ballots.counts(name) if asked[name].live or not asked[name].open else None,
        )
        for name in BALLOTS
        if name in asked
    ]
    return Promotion(Spectators(opened.engine, race).scans(), polls, quiz_of(opened), opened.root / PHOTOS)


def quiz_of(opened: OpenRace) -> Sequence[Question]:
    """The race's quiz; empty where there is none, or one that is not right."""
    try:
        return read_quiz(opened.root / QUIZ) if (opened.root / QUIZ).is_file() else ()
    except RaceError:
        return ()


class Promoted:
    """The same, read again after ten seconds; with each reading the gathering, if any, forgets the devices of days that are over."""

    def __init__(self, opened: OpenRace, gathering: Gathering | None = None) -> None:
        self._opened, self._gathering = opened, gathering
        self._found = Promotion()
        self._read_at: Instant | None = None

    def now(self) -> Promotion:
        now = self._opened.clock.now()
        if self._read_at is None or not 0 <= now - self._read_at < READ_AGAIN_AFTER:
            self._have_tidied(day_of(now, self._opened.zone), now)
            found = promotion_of(self._opened)
            if found != self._found:
                self._found = found
            self._read_at = now
        return self._found

    def _have_tidied(self, today: str, now: Instant) -> None:
        """Nobody waits for it, and should it fail it is tried again in ten seconds."""
        if self._gathering and not self._gathering.full:
            spectators = Spectators(self._opened.engine, self._opened.settings.id)
            self._gathering.put(lambda connection: spectators.tidy(connection, today, now))
