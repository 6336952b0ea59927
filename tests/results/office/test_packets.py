"""Packets of firms: whose bib lies in which, and who got how many."""

from tests.results.office.test_office_pages import House, forms, handed_out, hidden, house

__all__ = ["house"]


def moved(house: House, entrant: str, firm: str) -> str:
    """Somebody runs for another firm; what was shown before it was recorded."""
    counter = house.somebody("counter", "이접수")
    preview = counter.sends(f"/office/people/{entrant}/entry", form="move", company=firm, why="이직")
    assert counter.sends(f"/office/people/{entrant}/entry", **hidden(preview.text)).status_code == 303
    return preview.text


def test_whoever_changes_firms_is_in_no_packet_that_goes_to_a_captain_and_both_packets_say_so(house: House) -> None:
    first, second = (house.opened.directory.names().companies[one] for one in ("c0001", "c0002"))
    shown = moved(house, "e00417", "c0002")
    assert "배번 417" in shown and f"{first} 꾸러미" in shown
    counter = house.somebody("counter", "이접수")
    page = counter.asks("/office/packets").text
    assert f"417: {first} 꾸러미에 있음" in page and "417: 꾸러미에서 빼세요" in page and second in page
    for company in ("c0001", "c0002"):
        packet = next(one for one in forms(counter.asks("/office/packets").text) if one.get("company") == company)
        assert counter.sends("/office/packets", **packet).status_code == 303
    assert handed_out(house) == [("e00418",), ("e00005", "e00006")]
    counter.sends("/office/people/e00417/bib", form="hand")
    page = counter.asks("/office/packets").text
    assert "꾸러미에 있음" not in page and "꾸러미에서 빼세요" not in page


def test_whoever_comes_back_to_the_firm_is_in_its_packet_again(house: House) -> None:
    moved(house, "e00417", "c0002")
    moved(house, "e00417", "c0001")
    counter = house.somebody("counter")
    assert "꾸러미에 있음" not in counter.asks("/office/packets").text
    assert counter.sends("/office/packets", company="c0001").status_code == 303
    assert handed_out(house) == [("e00417", "e00418")]


def test_a_packet_says_who_got_how_many_and_its_last_hand_out(house: House) -> None:
    house.somebody("counter", "이접수").sends("/office/people/e00417/bib", form="hand")
    house.somebody("counter", "박접수").sends("/office/packets", company="c0001")
    page = house.somebody("counter").asks("/office/packets").text
    assert "주장에게 1개, 본인에게 1개" in page
    assert "박접수" in page and "이접수" not in page
