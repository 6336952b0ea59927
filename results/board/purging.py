"""Whether an older version of the board tells something that the public may not see any more. Pure."""

from results.board.site import Site


def withdrawn(before: Site, now: Site) -> bool:
    """Whether results were hidden, somebody or somebody's result left the board, or a name or a firm's words are others now."""
    old, new = before.view, now.view
    hidden = new.state == "hidden" != old.state
    return hidden or old.revision != new.revision or not shown_in(before) <= shown_in(now)


def shown_in(site: Site) -> set[str]:
    """The entrants who have a page."""
    return {row.entrant.id for row in site.shown.values()}
