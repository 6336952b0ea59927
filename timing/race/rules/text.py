"""Rules written as TOML, as `rules.toml` holds them; the writing library is used here alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import to_builtins
from msgspec.structs import asdict
from tomli_w import dumps

from timing.race.rules import HEADS, GroupRule, Rules

TABLES = ("ranking", "age_group", "prize")


def as_toml(rules: Rules) -> str:
    """The rules as TOML that parses to equal rules; default values in tables are left out."""
    told = asdict(rules)
    race = {key: _plain(value) for key, value in told.items() if value is not None and key not in TABLES}
    rows = {key: [_plain(to_builtins(one)) for one in told[key]] for key in TABLES}
    rows["ranking"] = [_plain(_ranking(rule)) for rule in rules.ranking]
    rows["prize"] = [
        {"name": one.name, "ranking": one.ranking, "places": one.places} | to_builtins(one) for one in rules.prize
    ]
    return "\n".join([dumps(race), *(text for key in TABLES for text in _tables(key, rows[key]))])


def _tables(path: str, rows: Iterable[Any]) -> Iterator[str]:
    """Each row under a `[[heading]]` of its own; a list inside it too, where it is too long for a line."""
    for row in rows:
        long = [key for key, value in row.items() if dumps({key: value}).startswith("[[")]
        yield f"[[{path}]]\n{dumps({key: value for key, value in row.items() if key not in long})}"
        for key in long:
            yield from _tables(f"{path}.{key}", row[key])


def _ranking(rule: GroupRule) -> dict[str, object]:
    """A ranking with how many count and how, also where that is the default: else nobody could tell what it does."""
    said: dict[str, object] = {"combine": rule.combine}
    if rule.combine not in HEADS and not rule.mix:
        said |= {"pick": rule.pick} if rule.combine == "together" else {"pick": rule.pick, "by": rule.by}
    told: dict[str, object] = to_builtins(rule)
    return {"name": rule.name, "group": rule.group} | said | told


def _plain(value: object) -> object:
    """Whole seconds without a decimal point, as people write them; lists for tuples."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
