"""Rules ready to use, as TOML with their explanations: each file here is one preset, its name the file's."""

from pathlib import Path

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
