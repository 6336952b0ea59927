"""What a phone that scanned a bib takes along to the firm's page: the bib, and a ticket if this looks like somebody.

A scan could be counted by address and browser, without any script; but behind one carrier's address stands a crowd with the same
phone, which would count as one, while a robot that fetches the link counts as somebody. So the page itself shows the ticket, with a
random number that the browser keeps for this board alone: whoever runs no script is not counted, and a crowd is a crowd.
"""

from collections.abc import Callable

from results.board.plugs import Heads, Landing
from results.spectators.robots import is_ahead, is_robot
from results.spectators.tickets import Tickets


def landing(tickets: Tickets, bib_of: Callable[[str], int | None]) -> Landing:
    """Adds the bib, if it has a page of its own, and a ticket."""

    def query(code: str, company: str, headers: Heads) -> str:
        if is_robot(headers) or is_ahead(headers):
            return ""
        bib = bib_of(code)
        return f"{f'bib={bib}&' if bib else ''}scan={tickets.draw(company)}"

    return query
