"""Who may do what in the race office. Pure."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from timing.race.events import Role

Task = Literal["overview", "people", "counter", "sheet", "todo", "rule", "gun", "out", "publish", "direct", "seats"]
"""See the figures; look people up; hand out and exchange bibs; type times from paper; settle
open items; correct results; fire the gun;
see who is still out; publish results; prepare the race and fetch its files; let others in."""

ALLOWED: Final[Mapping[Role, frozenset[Task]]] = {
    "director": frozenset(get_args(Task)),
    "counter": frozenset({"overview", "people", "counter"}),
    "entry": frozenset({"overview", "people", "sheet", "todo"}),
    "medical": frozenset({"out"}),
    "viewer": frozenset({"overview"}),
    "": frozenset(),
}


def may(role: Role, task: Task) -> bool:
    """Whether this role may do this.

    >>> may("medical", "out"), may("medical", "people"), may("director", "rule")
    (True, False, True)
    """
    return task in ALLOWED[role]
