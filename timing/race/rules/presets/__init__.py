"""Rules ready to use, as TOML with their explanations: each file here is one preset, its name the file's."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from timing.errors import WrongUse
from timing.language import _

HERE = Path(__file__).parent


def names() -> list[str]:
    """The presets there are."""
    return sorted(file.stem for file in HERE.glob("*.toml"))


def preset(name: str) -> str:
    """A preset's text, comments included.

    Raises:
        KeyError: there is none of this name.
    """
    if name not in names():
        raise KeyError(name)
    return (HERE / f"{name}.toml").read_text(encoding="utf-8")


def described(name: str) -> tuple[str, str]:
    """What a preset is for, in Korean and in English: its first two lines.

    >>> described("gvalley-3")[1]
    'The three fastest of a firm, any sex: sum of net times, places 1 to 3'
    """
    korean, english, *_ = preset(name).splitlines()
    return korean.removeprefix("# "), english.removeprefix("# ")


def merged(chosen: Sequence[str]) -> str:
    """Several presets as one text with all their comments: what holds for the race first, then each one's tables.

    Raises:
        WrongUse: two of them want another value for one key.
        KeyError: there is no preset of one of these names.
    """
    first, *more = [preset(name) for name in dict.fromkeys(chosen)]
    heads, tables = _parted(first)
    said = dict(_keys(heads))
    for text in more:
        lines, own = _parted(text)
        heads += [line for line in lines if _is_new(line, said)]
        tables += [*(line for line in lines if line.startswith("#")), "", *own]
    return "\n".join([*heads, *([""] if heads else []), *tables])


def _parted(text: str) -> tuple[list[str], list[str]]:
    """The lines for the race as a whole, and those from the first table on."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.startswith("[")), len(lines))
    heads = lines[:first]
    while heads and not heads[-1]:
        heads.pop()
    return heads, [*lines[first:], ""]


def _keys(lines: Sequence[str]) -> Iterator[tuple[str, object]]:
    yield from tomllib.loads("\n".join(lines)).items()


def _is_new(line: str, said: dict[str, object]) -> bool:
    """Whether the line sets a key that no preset before has set.

    Raises:
        WrongUse: one before has set it otherwise.
    """
    for key, value in _keys([line]):
        if key not in said:
            said[key] = value
            return True
        if said[key] != value:
            raise WrongUse(
                _(
                    "`{key}` is {one!r} in one preset and {other!r} in another; choose one and merge by hand",
                    key=key,
                    one=said[key],
                    other=value,
                )
            )
    return False
