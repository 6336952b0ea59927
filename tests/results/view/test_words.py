"""Every word of the trade has what it is called, in both languages."""

from collections.abc import Iterable, Mapping
from typing import get_args, get_type_hints

import pytest

from results.certificates.verification import STANDINGS, Standing
from results.ranking.rows import Flag, Status
from results.view.eligibility import TITLES, CertificateKind
from results.view.words import (
    BASES,
    COMBINED,
    FLAGS,
    HEADINGS,
    REASONS,
    SOURCES,
    STATUSES,
    SUMMED,
    TIE_STEPS,
    TIES,
    UNMATCHED,
    placed,
)
from timing.language import Text
from timing.race.passings import Reason, Source, UnmatchedReason
from timing.race.rules import Basis, GroupRule, Ties, TieStep

OF_A_RULE = get_type_hints(GroupRule)


@pytest.mark.parametrize(
    ("called", "words"),
    [
        (STATUSES, Status),
        (FLAGS, Flag),
        (REASONS, Reason),
        (UNMATCHED, UnmatchedReason),
        (SOURCES, get_args(Source)),
        (BASES, get_args(Basis)),
        (TIES, get_args(Ties)),
        (TIE_STEPS, get_args(TieStep)),
        (COMBINED, get_args(OF_A_RULE["combine"])),
        (SUMMED, get_args(OF_A_RULE["by"])),
        (TITLES, get_args(CertificateKind)),
        (STANDINGS, get_args(Standing)),
    ],
)
def test_every_word_of_the_trade_is_called_something_of_its_own(
    called: Mapping[str, Text], words: Iterable[str]
) -> None:
    assert set(called) == set(words)
    for language in ("ko", "en"):
        assert len({text.to(language) for text in called.values()}) == len(called)


def test_headings_that_stand_in_one_list_differ() -> None:
    for language in ("ko", "en"):
        told = [
            HEADINGS[key].to(language) for key in ("place", "place_in_sex", "place_in_category", "net_time", "gun_time")
        ]
        assert len(set(told)) == len(told)


def test_a_place_is_said_with_its_counter_in_korean_alone() -> None:
    assert (placed(3).to("ko"), placed(3).to("en")) == ("3위", "3")
