"""Encodings: a genuine Korean list is never doubted, another one is never taken in without a word, a broken letter is found."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.roster.entries.entry import Entries
from bibs.roster.entries.read_entries import read_book
from bibs.roster.files.spreadsheet import parse
from bibs.roster.table_rows import Unreadable
from tests.rosters import roster


def read(rows: list[tuple[str, ...]], encoding: str, header: tuple[str, ...] = ("company", "name")) -> Entries:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return read_book("명단.csv", parse(text.getvalue().encode(encoding)))


families = st.sampled_from(
    [*"김이박최정강조윤장임한오서신권황안송류홍유전고문양손배백허남심노하곽성차주우구나민진", "남궁", "황보", "제갈"]
)
syllables = st.sampled_from(
    "가경규근기나다도두라란린미민별보빛서선솔수슬승시아연영예온우원유은인재정준지찬채하한현혜호환희꽃똠펲샾뜰"
)
people = st.builds(
    lambda family, given: family + given, families, st.text(syllables, min_size=1, max_size=2)
) | st.sampled_from(["鄭夏恩", "李하늘", "응우옌 반 안", "스미스 존"])
stems = st.sampled_from(
    ["펲시맨", "똠방상사", "샾하늘", "가람", "한빛", "꽃샘", "뜨레", "쏠라", "씨앤에스", "구로정밀", "大韓電子"]
)
firms = st.builds(
    lambda before, stem, after: before + stem + after,
    st.sampled_from(["", "㈜", "LG", "e", "SK"]),
    stems,
    st.sampled_from(["", "테크", "물산"]),
)


@given(
    st.lists(st.tuples(firms, people), min_size=1, max_size=12),
    st.sampled_from([("company", "name"), ("소속", "성명")]),
)
def test_a_korean_list_is_never_doubted(rows: list[tuple[str, ...]], header: tuple[str, ...]) -> None:
    found = read(rows, "cp949", header)
    assert not any("CP949" in fault.text.to("en") for fault in (*found.faults, *found.remarks))
    assert len(found.entries) + len(found.faults) == len(rows)


@pytest.mark.parametrize(
    ("encoding", "rows"),
    [
        ("gbk", [("海尔集团", "陈小波"), ("联想", "赵丽")]),
        ("big5", [("中華電信", "林志明"), ("華碩電腦", "黃雅婷")]),
        ("shift_jis", [("三菱電機", "鈴木花子"), ("ソニー", "山本さくら")]),
        ("euc_jp", [("三菱電機", "鈴木花子"), ("富士通", "山本健一")]),
        ("cp1252", [("Ångström AB", "Åke Öst"), ("Nordic Co", "Åse Berg")]),
        ("cp1250", [("Łąka", "Łucja Ćwik")]),
        ("cp1251", [("Лада", "Анна Петрова")]),
    ],
)
def test_a_list_in_another_encoding_is_doubted_and_read_once_it_is_named(
    encoding: str, rows: list[tuple[str, ...]]
) -> None:
    try:
        found = read(rows, encoding)
        told = " ".join(fault.text.to("en") for fault in (*found.faults, *found.remarks))
    except Unreadable as refused:
        told = str(refused)
    assert "--encoding" in told
    text = io.StringIO()
    csv.writer(text).writerows([("company", "name"), *rows])
    named = read_book("명단.csv", parse(text.getvalue().encode(encoding), encoding))
    assert [(one.company, one.name) for one in named.entries] == rows


def test_a_doubt_can_be_answered() -> None:
    data = "company,name\n빽槨세減,珙鬼츠\n".encode("cp949")
    assert read_book("명단.csv", parse(data)).faults
    assert read_book("명단.csv", parse(data, "cp949")).entries


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("소속,성명\n가람,김하나\n나래,".encode() + b"\xec\x9d,1\n", "row 3, column 2: not UTF-8"),
        (
            "소속,성명\n가람,김하나\n".encode() + "나래,이두리\n".encode("cp949"),
            "row 3, column 1; row 3, column 2: not UTF-8",
        ),
        (
            "소속,성명\n가람,김하나\n나래,이두리\n".encode("cp949").replace("두".encode("cp949"), b"\xb5"),
            "row 3, column 2: not CP949",
        ),
    ],
)
def test_broken_letters_are_named_by_row_and_column(data: bytes, where: str) -> None:
    with pytest.raises(Unreadable, match=where):
        parse(data)


@pytest.mark.parametrize("text", ["김\ufffd나", "ê¹€í•˜ë‚˜", "±èÇÏ³ª"])
def test_letters_that_came_broken_are_no_name(text: str) -> None:
    assert "broken letters" in roster(["소속", "성명"], ["가람", text]).faults[0].text.to("en")


def test_a_latin_word_read_as_korean_is_pointed_at_in_a_korean_list() -> None:
    data = "소속,성명\n가람,김하나\n나래,".encode("cp949") + "Åse Berg\n".encode("cp1252")
    found = read_book("명단.csv", parse(data))
    assert "rows 3: letters look broken" in found.remarks[0].text.to("en")
