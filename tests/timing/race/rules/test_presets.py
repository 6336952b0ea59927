"""The ready-made rules: each reads, is without fault, says what it is for, and any of them go together."""

from itertools import combinations

import pytest

from timing.errors import WrongUse
from timing.race.lint import findings
from timing.race.rules import presets, rules_of
from timing.race.rules.presets import described, merged, names, preset


@pytest.mark.parametrize("name", names())
def test_a_preset_is_without_fault(name: str) -> None:
    assert findings(rules_of(preset(name), name)) == []


@pytest.mark.parametrize("name", names())
def test_a_preset_says_what_it_is_for_in_korean_and_in_english(name: str) -> None:
    korean, english = described(name)
    assert any("가" <= letter <= "힣" for letter in korean)
    assert english.isascii() and english[0].isalnum()


@pytest.mark.parametrize("name", names())
def test_every_comment_is_in_both_languages(name: str) -> None:
    for line in preset(name).splitlines():
        _, found, comment = line.partition("  # ")
        korean = any("가" <= letter <= "힣" for letter in comment)  # the values of a key need no translation
        assert not (found and korean) or " / " in comment, line


def test_one_alone_is_printed_as_it_stands() -> None:
    assert merged(["gvalley"]) == preset("gvalley")


def test_any_two_go_together_and_say_what_each_says() -> None:
    for pair in combinations(names(), 2):
        both = rules_of(merged(pair), "merged")
        one, other = (rules_of(preset(name), name) for name in pair)
        assert both.ranking == one.ranking + other.ranking
        assert both.age_group == one.age_group + other.age_group
        assert both.prize == one.prize + other.prize
        assert findings(both) == []


def test_all_together_keep_their_comments_and_what_holds_for_the_race() -> None:
    text = merged(names())
    assert findings(rules_of(text, "merged")) == []
    assert rules_of(text, "merged").min_finish_s == 600
    assert all(described(name)[0] in text for name in names())


def test_the_same_preset_twice_is_that_preset() -> None:
    assert rules_of(merged(["gvalley", "gvalley"]), "merged") == rules_of(preset("gvalley"), "gvalley")


def test_two_that_want_another_value_do_not_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"net": 'basis = "net"\n', "gun": '# 건타임으로\n\nbasis = "gun"\n'}
    monkeypatch.setattr(presets, "preset", texts.__getitem__)
    with pytest.raises(WrongUse, match="`basis` is 'net' in one preset and 'gun' in another"):
        merged(["net", "gun"])


def test_nobody_has_made_a_preset_of_that_name() -> None:
    with pytest.raises(KeyError):
        preset("../rules")
