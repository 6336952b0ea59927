"""Rules as data: what `rules.toml` may say, what it may not, and that rules written out read back as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timing.errors import WrongUse
from timing.race.rules import AgeGroup, GroupRule, Mix, Prize, Rules, draft_of, rules_of
from timing.race.rules.text import as_toml

EVERY_KEY = """
basis = "gun"
ties = "arrival"
missing_start = "guard"
rounding = "none"
category_within = "all"
start_window_s = 900
min_finish_s = 600.5
start_coverage = 0.95

[[ranking]]
name = "3인 단체"
group = "company"
division = "sex"
pick = 3
by = "place"
combine = "sum"
tie = ["best_first", "shared"]
incomplete = "last"
ignore = ["무소속"]

[[age_group]]
name = "30대"
least = 30
most = 39

[[prize]]
name = "단체상"
ranking = "3인 단체"
division = "F"
"""


def test_every_key_of_the_file_is_read() -> None:
    read = rules_of(EVERY_KEY, "rules.toml")
    ranking = GroupRule("3인 단체", "company", "sex", 3, "place", "sum", ("best_first", "shared"), "last", ("무소속",))
    assert read == Rules(
        "gun", "arrival", "guard", "none", "all", 900, 600.5, start_coverage=0.95,
        ranking=(ranking,), age_group=(AgeGroup("30대", 30, 39),), prize=(Prize("단체상", "3인 단체", "F"),),
    )  # fmt: skip


def test_an_empty_file_is_the_defaults() -> None:
    assert rules_of("", "rules.toml") == Rules()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('basis = "chip"', "basis"),
        ("min_finish = 600", "min_finish"),
        ('min_finish_s = "ten minutes"', "min_finish_s"),
        ("min_finish_s = -1", "min_finish_s"),
        ("start_window_s = inf", "inf"),
        ("start_window_s = nan", "start_window_s"),
        ("[[ranking]]\nname = '단체'\ngroup = 'club'", "group"),
        ("[[ranking]]\nname = '단체'\ngroup = 'company'\ncombine = 'product'", "combine"),
        ("[[ranking]]\nname = '단체'\ngroup = 'company'\npick = 0", "pick"),
        ("[[ranking]]\nname = ''\ngroup = 'company'", "name"),
        ("[[ranking]]\nname = '단체'\ngroup = 'company'\ncombine = 'together'", "window_s"),
        ("[[ranking]]\nname = '단체'\ngroup = 'company'\ncombine = 'together'\nwindow_s = inf", "inf"),
        ("[[prize]]\nname = '상'", "ranking"),
        ("basis = net", "TOML"),
    ],
)
def test_what_rules_cannot_be_is_named_with_its_file(text: str, named: str) -> None:
    with pytest.raises(WrongUse) as wrong:
        rules_of(text, "새규칙.toml")
    assert named in str(wrong.value) and "새규칙.toml" in wrong.value.text.to("ko")
    assert "\n" not in str(wrong.value)


def test_a_draft_may_contradict_itself_so_that_the_linter_can_say_everything_at_once() -> None:
    text = "[[ranking]]\nname = '단체'\ngroup = 'company'\ncombine = 'together'"
    assert draft_of(text, "rules.toml").ranking[0].window_s is None


def test_the_lists_by_size_are_named_by_their_bounds() -> None:
    assert GroupRule("참여", "company", bands=(100, 1_000)).size_bands == ["1-99", "100-999", "1000-"]


words = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=12)
names = st.tuples(words, words).map("".join)
seconds = st.sampled_from([None, 0.0, 12.5, 900.0])
compositions = st.dictionaries(st.sampled_from(["F", "M", "d"]), st.integers(1, 12), min_size=1)
mixes = st.builds(Mix, name=names, of=st.lists(compositions, min_size=1, max_size=6).map(tuple))
rankings = st.builds(
    GroupRule,
    name=names,
    group=st.sampled_from(["company", "team"]),
    division=st.sampled_from(["all", "sex", "category", "size"]),
    pick=st.integers(1, 12),
    by=st.sampled_from(["net", "gun", "place"]),
    combine=st.sampled_from(["sum", "average", "nth", "count", "share", "donation"]),
    tie=st.sampled_from(["shared", "best_first", ("next", "but_last", "shared"), ()]),
    ignore=st.lists(names, max_size=9).map(tuple),
    window_s=seconds,
    mix=st.lists(mixes, max_size=3).map(tuple),
    displace=st.sampled_from([None, 7]),
    bands=st.sampled_from([(), (100, 1_000)]),
)
books = st.builds(
    Rules,
    basis=st.sampled_from(["net", "gun"]),
    start_window_s=seconds,
    uncertainty_ms=st.sampled_from([0, 0.5, 40.0]),
    ranking=st.lists(rankings, max_size=3).map(tuple),
    age_group=st.lists(st.builds(AgeGroup, names, st.integers(0, 60), st.integers(60, 150)), max_size=6).map(tuple),
    prize=st.lists(st.builds(Prize, names, names, places=st.integers(1, 10)), max_size=3).map(tuple),
)


@given(books)
def test_rules_written_out_read_back_as_the_same(rules: Rules) -> None:
    assert rules_of(as_toml(rules), "rules.toml") == rules


def test_rules_are_written_so_that_a_person_can_tell_what_a_ranking_does() -> None:
    written = as_toml(
        Rules(ranking=(GroupRule("3인 단체", "company"), GroupRule("참가상", "company", combine="count")))
    )
    three, most = written.split("[[ranking]]\n")[1:]
    assert three.splitlines() == [
        'name = "3인 단체"',
        'group = "company"',
        'combine = "sum"',
        "pick = 3",
        'by = "net"',
        "",
    ]
    assert most.splitlines() == ['name = "참가상"', 'group = "company"', 'combine = "count"']
