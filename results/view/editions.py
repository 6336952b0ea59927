"""Editions: published results, each reproducible to the byte from the log, so that none can be changed unnoticed. Pure.

The canonical form holds numbers and ids, no names: it stays the same when a name is corrected or erased.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import msgspec

from results.ranking.rankings import Ranking, rankings, score_text
from results.ranking.rows import Row
from results.ranking.standings import Standings
from timing.language import Text, _
from timing.race.events import EditionPublished
from timing.race.fold import Race, jump_words
from timing.race.instants import Instant, Span, iso, milliseconds
from timing.race.known_names import Names

State = Literal["provisional", "official"]


def canonical(standings: Standings, groups: Sequence[Ranking]) -> bytes:
    """The results as JSON lines, keys in order: first the rules, then everybody, then every group."""
    lines: list[object] = [{"course_m": standings.course_m, "rules": standings.rules}]
    lines += [_runner(row) for row in standings.rows]
    lines += [_group(ranking, at) for ranking in groups for at in range(len(ranking.scores))]
    return b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines)


def digest(standings: Standings, groups: Sequence[Ranking]) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(standings, groups)).hexdigest()


def state_of(race: Race, standings: Standings, names: Names) -> State:
    """Official only where the results equal the last edition and that is official; else provisional."""
    last = race.editions[-1] if race.editions else None
    if last is None or last.state != "official":
        return "provisional"
    return "official" if last.digest == digest(standings, rankings(standings, names)) else "provisional"


def why_not_official(
    race: Race,
    now: Instant,
    holding: Iterable[str],
    despite: Sequence[str],
    early: bool,
    time_of: Callable[[Instant], str] = iso,
) -> Text | None:
    """What stands against making the results official now; None when nothing does.

    A provisional edition must have come before, the last one's protest window must be over (unless the director ends it
    `early`), nobody's clock may have jumped without a ruling on whose it was, and no station may still hold scans (`holding`), except those that the director names in `despite`. `time_of`
    writes an instant as people at the race read it.
    """
    provisional = [edition for edition in race.editions if edition.state == "provisional"]
    if not provisional:
        return _("publish a provisional edition first (marathon edition provisional)")
    until = provisional[-1].protest_until or Instant(0)
    if until > now and not early:
        return _("the protest window is open until {until} (--early ends it now)", until=time_of(until))
    if jumps := race.open_jumps():
        return jump_words(jumps)
    awaited = [station for station in holding if station not in despite]
    if awaited:
        named = ", ".join(awaited)
        return _(
            "stations that have not closed may still hold scans: {stations}; close them, or name them with --despite",
            stations=named,
        )
    return None


def next_edition(
    race: Race,
    state: State,
    results: tuple[Standings, Sequence[Ranking]],
    protest_until: Instant | None,
    held_back: Sequence[str],
    by: str,
    why: str,
) -> EditionPublished:
    """The fact that publishes these results; `held_back` are the stations that were not waited for."""
    number = len(race.editions) + 1
    return EditionPublished(number, state, race.facts, digest(*results), protest_until, tuple(held_back), by, why)


def _runner(row: Row) -> dict[str, object]:
    return {
        "bib": row.entrant.bib,
        "category": row.entrant.category,
        "category_place": row.category_place,
        "company": row.entrant.company,
        "entrant": row.entrant.id,
        "gun_ms": _ms(row.gun_time),
        "net_ms": _ms(row.net_time),
        "place": row.place,
        "sex": row.entrant.sex,
        "sex_place": row.sex_place,
        "start_source": row.start_source,
        "status": row.status,
        "team": row.entrant.team,
        "withheld": row.ruled.withheld,
    }


def _group(ranking: Ranking, at: int) -> dict[str, object]:
    score = ranking.scores[at]
    return {
        "counters": [row.entrant.bib for row in score.counters],
        "division": ranking.division,
        "group": score.group,
        "place": score.place,
        "ranking": ranking.rule.name,
        "score": None if score.score is None else score_text(ranking.rule, score.score),
        "team": score.team,
    }


def _ms(time: Span | None) -> str | None:
    return None if time is None else milliseconds(time)
