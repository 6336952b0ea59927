"""Pieces of a drawing as text: every word is escaped, every number is short, no style and no script is in it. Pure."""

from collections.abc import Iterable
from html import escape

from results.board.plots.axes import WIDTH, Label


def short(number: float) -> str:
    """A coordinate to a tenth, without what says nothing.

    >>> short(12.04), short(3.96), short(-0.01)
    ('12', '4', '0')
    """
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def bar(x: float, y: float, width: float, height: float) -> str:
    """A filled box, as part of a path."""
    return f"M{short(x)} {short(y)}h{short(width)}v{short(height)}h{short(-width)}z"


def path(kind: str, drawn: str) -> str:
    return f'<path class="{escape(kind)}" d="{drawn}"/>' if drawn else ""


def text(label: Label, kind: str = "") -> str:
    """A label; in the middle unless it says otherwise."""
    about = f' class="{escape(kind)}"' if kind else ""
    anchor = f' text-anchor="{label.anchor}"' if label.anchor != "start" else ""
    return f'<text x="{short(label.x)}" y="{short(label.y)}"{about}{anchor}>{escape(label.text)}</text>'


def figure(name: str, height: int, title: str, description: str, parts: Iterable[str]) -> str:
    """A picture with a title and a description for those who do not see it; `name` is the only one of its kind on a page."""
    ident = escape(name)
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" font-size="16" fill="currentColor" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{escape(title)}</title>'
        f'<desc id="{ident}-d">{escape(description)}</desc>{"".join(parts)}</svg>'
    )
