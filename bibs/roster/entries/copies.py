"""Sheets that say again what another sheet of the file says: an older version, a copy. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from bibs.roster.entries.entry import Entry, Fault
from timing.language import ngettext

LEAST = 2
"""Rows that two sheets share before one is taken for a copy of the other; two people may look alike, whole sheets do not."""


def copied(sheets: Sequence[tuple[str, Sequence[Entry]]]) -> Iterator[Fault]:
    """A fault for each sheet of which half and more stands on an earlier one; sheets by their place."""
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
