"""Finds sheets that repeat another sheet of the file: an older version or a copy. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from bibs.roster.entries.entry import Entry, Fault
from timing.language import ngettext

LEAST = 2
"""The least number of shared rows for a copy: single rows of two sheets may be equal by chance."""


def copied(sheets: Sequence[tuple[str, Sequence[Entry]]]) -> Iterator[Fault]:
    """A fault for each sheet of which at least half the rows are on an earlier sheet."""
    rows = [(place, Counter(replace(entry, where="") for entry in entries)) for place, entries in sheets]
    for (first, ones), (second, others) in combinations(rows, 2):
        shared = (ones & others).total()
        if shared >= LEAST and 2 * shared >= min(ones.total(), others.total()):
            text = ngettext(
                "{n} row stands on {first} too; if one is an older version or a copy, delete or hide that sheet",
                "{n} rows stand on {first} too; if one is an older version or a copy, delete or hide that sheet",
                shared,
                first=first,
            )
            yield Fault(second, text)
