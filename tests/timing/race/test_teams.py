"""What makes a team the same, and how teams that read alike are told apart."""

from timing.race.teams import Team, key_of, shown_teams

FIRMS = {"c1": "노을", "c2": "노을 산업", "c3": "노을산업 본사"}


def test_a_team_is_the_same_by_its_firm_and_its_own_name_in_any_spelling() -> None:
    assert key_of(Team("개발 1팀", "c1"), {}) == key_of(Team("개발1팀", "c1"), {})
    assert key_of(Team("산업 1팀", "c1"), {}) != key_of(Team("1팀", "c2"), {})
    assert key_of(Team("1팀", "c2"), {}) != key_of(Team("1팀"), {})


def test_firms_that_merged_share_their_teams() -> None:
    assert key_of(Team("1팀", "c3"), {"c3": "c2"}) == key_of(Team("1팀", "c2"), {"c3": "c2"})


def test_teams_that_would_read_alike_are_shown_apart_and_all_others_plainly() -> None:
    teams = {"t1": Team("산업 1팀", "c1"), "t2": Team("1팀", "c2"), "t3": Team("노을산업 1팀"), "t4": Team("2팀", "c2")}
    assert list(shown_teams(teams, FIRMS, {}).values()) == [
        "노을 / 산업 1팀",
        "노을 산업 / 1팀",
        "노을산업 1팀 (연합)",
        "노을 산업 2팀",
    ]


def test_a_team_is_called_after_the_present_name_of_its_firm() -> None:
    teams = {"t1": Team("1팀", "c2"), "t2": Team("2팀", "c3")}
    assert shown_teams(teams, FIRMS | {"c2": "새노을"}, {"c3": "c2"}) == {"t1": "새노을 1팀", "t2": "새노을 2팀"}
