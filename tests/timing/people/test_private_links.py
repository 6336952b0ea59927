"""Links that open a page for one person alone."""

from sqlalchemy import Engine

from timing.people.private_links import ANNOUNCER, Holder, PrivateLinks

SPRING, AUTUMN = "00000000000f2026", "0000000000012027"
GASAN, GURO = Holder("captain", "c0001"), Holder("captain", "c0002")


def test_a_link_opens_its_holder_s_page_alone(engine: Engine) -> None:
    links = PrivateLinks(engine, SPRING)
    tokens = [links.give(holder) for holder in (GASAN, GURO, ANNOUNCER)]
    assert [links.holder_of(token) for token in (*tokens, "", "guessed")] == [GASAN, GURO, ANNOUNCER, None, None]


def test_a_new_link_makes_the_old_one_void(engine: Engine) -> None:
    links = PrivateLinks(engine, SPRING)
    old, new = links.give(GASAN), links.give(GASAN)
    assert (links.holder_of(old), links.holder_of(new)) == (None, GASAN)


def test_a_link_taken_back_opens_nothing(engine: Engine) -> None:
    links = PrivateLinks(engine, SPRING)
    token, other = links.give(GASAN), links.give(GURO)
    assert links.revoke(GASAN)
    assert not links.revoke(GASAN)
    assert (links.holder_of(token), links.holder_of(other)) == (None, GURO)


def test_a_link_of_another_race_opens_nothing(engine: Engine) -> None:
    token = PrivateLinks(engine, AUTUMN).give(GASAN)
    assert PrivateLinks(engine, SPRING).holder_of(token) is None
