"""The public view of a race whose results are hidden: everybody as before the gun, and the true counts. Pure.

The rows themselves are emptied, so that no page, file or index made from them can show a result.
"""

from collections.abc import Iterable
from dataclasses import replace

from results.ranking.rows import Row, Status, bib_order_of
from results.ranking.standings import Standings
from results.view.view import View, tally
from timing.race.passings import Judgement, Rulings

NOT_TOLD = Judgement(None, None, None, ())


def public_view(view: View) -> View:
    """The view for the public; the same object where nothing is hidden."""
    if not view.hidden:
        return view
    rows = sorted(redacted(view.standings.rows), key=bib_order_of)  # the order of the standings tells who was faster
    return replace(
        view,
        standings=view.standings.with_nobody_ranked(rows),
        lists=lambda *_: [replace(ranking, scores=()) for ranking in view.rankings],
        state="hidden",
        edition=None,
        counted=tally(view.standings),
    )


def redacted(rows: Iterable[Row]) -> Iterable[Row]:
    """Rows without results: the entries, and who is withheld."""
    for row in rows:
        yield Row(
            row.entrant, NOT_TOLD, Status.REGISTERED, None, None, None, ruled=Rulings(withheld=row.ruled.withheld)
        )


def told_standings(view: View) -> Standings:
    """The standings for a file of results: empty while they are hidden, for the files would call everybody DNS."""
    return view.standings.with_nobody_ranked(()) if view.state == "hidden" else view.standings
