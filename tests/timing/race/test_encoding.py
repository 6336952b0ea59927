"""How facts are stored: canonical, exact, and readable for ever."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Raw

from tests.rulings import rule_books
from timing.race.encoding import FORMER, UnknownEvent, Unrecordable, decode, encode, from_json, in_json
from timing.race.events import (
    BibAssigned,
    BibReplaced,
    BibsHandedOut,
    BibsPrinted,
    BibsSwapped,
    BranchMerged,
    ClockJumpRuled,
    ClockRuled,
    ClockSampled,
    CompaniesMerged,
    CourseClosed,
    CourseOpened,
    DeadHeatRuled,
    EditionPublished,
    EntrantMoved,
    EntrantRegistered,
    Event,
    FactUndone,
    FilmDeleted,
    FilmJumped,
    GunHeard,
    GunMoved,
    HeadcountDeclared,
    LogRestored,
    MarkDrawn,
    OutboxMended,
    PassingEntered,
    PrizeHandedOut,
    QrClockSeen,
    RaceOpened,
    ResultsHidden,
    ResultWithheld,
    RulesSet,
    ScanNamed,
    Scanned,
    ScanVoided,
    ServerClockRead,
    SpareDrawn,
    StandInEntered,
    StartOffsetGiven,
    StationClosed,
    StationGivenUp,
    StationOpened,
    StationRepointed,
    StatusRuled,
    TapNamed,
    TimeAdjusted,
    TimeConfirmed,
    Unread,
    UnreadDismissed,
    UnreadNamed,
    WaveAssigned,
    WaveStarted,
)
from timing.race.instants import Instant, Span
from timing.race.rules import AgeGroup, GroupRule, Mix, Prize, Rules

GOLDEN = (Path(__file__).parent / "golden" / "events.jsonl").read_bytes().splitlines()
TOLD: list[Event] = [
    RaceOpened("00000000000f2026", 4_500),
    EntrantRegistered("e00417", "c0001", "t0001", "F", "30대", "1"),
    BibAssigned(417, "e00417", "7K3MXQ2WABH"),
    WaveStarted("1", Instant(1_788_411_600_000_000)),
    GunMoved("1", Instant(1_788_411_605_000_000), "desk", '심판 시계 "확인"'),
    StationOpened("finish-1", "finish", Instant(1_788_409_800_000_000)),
    Scanned(
        "qr",
        "7K3MXQ2WABH",
        Instant(1_788_412_624_500_000),
        Instant(1_788_412_626_100_000),
        23,
        118,
        Instant(1_788_412_625_000_001),
    ),
    Scanned("qr", "?1f0c9a2b3c4d5e6f", Instant(1_788_412_624_500_000), Instant(1_788_412_624_500_000), 1, 0, None),
    LogRestored(240, "desk", "디스크 고장"),
    BranchMerged("0" * 31 + "1", "0" * 31 + "2", 3, "desk", "예비 노트북"),
    StationOpened("pen-2", "pen", Instant(1_788_409_800_000_000), "2"),
    StationOpened("split-1", "split", Instant(1_788_409_800_000_000), metres=2_500),
    StationClosed(Instant(1_788_418_800_000_000)),
    RulesSet(
        Rules(
            start_window_s=900.0,
            ranking=(GroupRule("혼성 4인", "company", mix=(Mix("혼성", ({"M": 2, "F": 2},)),)),),
            age_group=(AgeGroup("30대", 30, 39),),
            prize=(Prize("시상", "overall"),),
        ),
        "desk",
        "대회 요강",
    ),
    CourseOpened(3_500, "desk", "다시 잼"),
    WaveAssigned("e00417", "2", "desk", "늦게 옴"),
    EntrantMoved("e00417", "c0002", "", "desk", "소속 정정"),
    CompaniesMerged("c0007", "c0001", "desk", "같은 회사"),
    HeadcountDeclared("c0001", 320, "desk", "회사 신고"),
    BibReplaced("e00417", 9_001, "7K3MXQ2WABH", "desk", "배번 분실"),
    BibsSwapped("e00417", "e00418", "desk", "바꿔 닮"),
    ScanVoided("0" * 31 + "1", 12, "desk", "진행 요원"),
    PassingEntered("e00417", "finish", Instant(1_788_412_624_500_000), "desk", "영상 판독"),
    StartOffsetGiven("e00417", Span(-600_000_000), "desk", "먼저 출발"),
    TimeAdjusted("e00417", Span(-3_000_000), "desk", "구호 활동"),
    StatusRuled("e00417", "dsq", "desk", "대리 참가"),
    ResultWithheld("e00417", "desk", "동의 철회"),
    TimeConfirmed("e00417", Span(1_024_500_000), "desk", "영상과 같음"),
    DeadHeatRuled(("e00417", "e00418"), "net", 1_024_500_000, "desk", "손잡고 도착"),
    StationRepointed("laptop-1", "finish", Instant(1_788_412_000_000_000), None, "desk", "표지를 바꿔 닮"),
    ClockRuled("finish-1", Span(2_000_000), 5_000, "desk", "시계 비교"),
    CourseClosed(Instant(1_788_418_800_000_000), "desk", "시간 종료"),
    BibsPrinted(("7K3MXQ2WABH",), "접수 1", "인쇄소에서", role="counter"),
    BibsHandedOut(("e00417", "e00418"), "captain", Instant(1_788_400_000_000_000), "접수 1", role="counter"),
    PrizeHandedOut("여자 개인", "F", 1, "e00417", Instant(1_788_419_000_000_000), "시상 1"),
    EditionPublished(1, "provisional", 240, "0" * 64, Instant(1_788_420_000_000_000), ("finish-2",), "desk", "첫 발표"),
    FactUndone(17, "desk", "잘못 누름"),
    MarkDrawn("7K3MXQ2WABH", "000a4db1abcce73d"),
    Scanned(
        "mark",
        "7K3MXQ2WABH",
        Instant(1_788_412_624_500_000),
        Instant(1_788_412_626_100_000),
        5,
        118,
        Instant(1_788_412_625_000_001),
        margin=640,
    ),
    Scanned("typed", "7K3MXQ2WABH", Instant(1_788_412_624_500_000), Instant(1_788_412_624_500_000)),
    Scanned("tap", "", Instant(1_788_412_624_500_000), Instant(1_788_412_624_500_000)),
    TapNamed(12, "7K3MXQ2WABH"),
    ClockSampled(
        Instant(1_788_412_624_500_000),
        Instant(1_788_412_624_510_000),
        Instant(1_788_412_624_510_050),
        Instant(1_788_412_624_503_000),
    ),
    SpareDrawn(9001, "7K3MXQ2WABH"),
    QrClockSeen("server", Instant(1_788_412_624_500_000), Instant(1_788_412_624_580_000)),
    ResultsHidden(True, "director", "시상식까지"),
    CompaniesMerged("c0007", "c0001", "desk", "같은 회사", (("t0009", "t0002"),)),
    FilmJumped(Instant(1_788_412_624_500_000), Span(-3_200_000), 512, True),
    StandInEntered("e00417", "e02501", "t0002", "F", "40대", "desk", "출장", "2026-09-03"),
    EntrantRegistered("e00417", "c0001", "", "F", "30대", "1", "2026-09-03"),
    OutboxMended("3f2a9c1b" * 4, "7b2261"),
    ScanNamed("0" * 31 + "1", 14, "e00417", "", "desk", "영상 판독"),
    ServerClockRead("3f2a9c1b3f2a9c1b", 11_950_837_823, Instant(1_788_412_624_500_000), Instant(1_788_412_654_500_000)),
    ClockJumpRuled("0" * 31 + "1", 40, "server", "desk", "서버 시계를 고침"),
    Unread(
        Instant(1_788_412_624_500_000),
        Instant(1_788_412_626_100_000),
        118,
        31,
        Instant(1_788_412_625_000_001),
        "estimated",
        (410, 96, 180, 402),
    ),
    Unread(Instant(1_788_412_624_500_000), Instant(1_788_412_624_500_000), 0),
    UnreadNamed("0" * 31 + "1", 14, "e00417", "desk", "영상 판독", "finish", role="counter"),
    UnreadDismissed("0" * 31 + "1", 15, "desk", "진행 요원", role="counter"),
    StationOpened("split-2", "split", Instant(1_788_409_800_000_000), metres=2_500, courses=("10km",)),
    Scanned(
        "qr",
        "7K3MXQ2WABH",
        Instant(1_788_412_624_500_000),
        Instant(1_788_412_626_100_000),
        2,
        118,
        Instant(1_788_412_625_000_001),
        "estimated",
    ),
    CourseOpened(10_000, "desk", "요강", "10km", (2_500, 5_000)),
    EntrantRegistered("e00419", "c0001", "", "F", "30대", "1", course="10km", by="접수 1", role="entry"),
    WaveStarted("1", Instant(1_788_411_600_000_000), by="출발 심판", role="counter"),
    GunHeard(Instant(1_788_411_600_020_000), "1"),
    FilmDeleted(Instant(1_788_412_624_500_000), "desk", "보관 기한"),
    StationGivenUp("finish-2", ("0" * 31 + "1", "0" * 31 + "2"), "desk", "노트북 고장"),
]
KINDS: tuple[type[Event], ...] = get_args(Event)

scanned_codes = st.from_regex(r"\A([0-9A-Z]{11}|\?[0-9a-f]{16})\Z")
our_codes = st.from_regex(r"\A[0-9A-Z]{11}\Z")
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
plain_words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=80)
counts = st.integers(0, 2**53)
instants = counts.map(Instant)
shifts = st.integers(-(2**53), 2**53).map(Span)
roles = st.sampled_from(["", "director", "counter", "entry", "medical", "viewer"])
crossings = st.sampled_from(["line", "estimated", "seen"])
facts: st.SearchStrategy[Event] = st.one_of(
    st.builds(RaceOpened, words, counts),
    st.builds(EntrantRegistered, words, words, words, words, words, words),
    st.builds(BibAssigned, st.integers(1, 999_999), words, words),
    st.builds(WaveStarted, words, instants),
    st.builds(GunMoved, words, instants, words, words),
    st.builds(
        StationOpened,
        plain_words,
        st.sampled_from(["pen", "start", "split", "finish"]),
        instants,
        plain_words,
        counts,
        st.lists(words, max_size=3).map(tuple),
    ),
    st.builds(LogRestored, counts, words, words),
    st.builds(FilmDeleted, instants, words, words),
    st.builds(BranchMerged, words, words, counts, words, words),
    st.builds(StationClosed, instants),
    st.builds(TapNamed, counts, our_codes),
    st.builds(
        Unread,
        instants,
        instants,
        counts,
        counts,
        st.none() | instants,
        crossings,
        st.none() | st.tuples(*[counts] * 4),
    ),
    st.builds(ClockSampled, instants, instants, instants, instants),
    st.builds(QrClockSeen, plain_words, instants, instants),
    st.builds(FilmJumped, instants, shifts, counts, st.booleans()),
    st.builds(OutboxMended, st.from_regex(r"\A[0-9a-f]{32}\Z"), st.from_regex(r"\A([0-9a-f]{2}){0,9}\Z")),
    st.builds(SpareDrawn, st.integers(1, 999_999), st.from_regex(r"\A[0-9A-Z]{11}\Z")),
    st.builds(MarkDrawn, st.from_regex(r"\A[0-9A-Z]{11}\Z"), st.from_regex(r"\A[0-9a-f]{16}\Z")),
    st.builds(RulesSet, rule_books, words, words),
    st.builds(CourseOpened, counts, words, words, words, st.lists(counts, max_size=3).map(tuple), role=roles),
    st.builds(WaveAssigned, words, words, words, words),
    st.builds(EntrantMoved, words, words, words, words, words),
    st.builds(CompaniesMerged, words, words, words, words, st.just((("t1", "t2"),))),
    st.builds(HeadcountDeclared, words, counts, words, words),
    st.builds(BibReplaced, words, st.integers(1, 999_999), words, words, words),
    st.builds(StandInEntered, words, words, words, words, words, words, words),
    st.builds(BibsSwapped, words, words, words, words),
    st.builds(ScanVoided, words, counts, words, words),
    st.builds(ScanNamed, words, counts, words, st.sampled_from(["", "start", "finish"]), words, words),
    st.builds(UnreadNamed, words, counts, words, words, words, st.sampled_from(["", "start", "finish"]), role=roles),
    st.builds(UnreadDismissed, words, counts, words, words, role=roles),
    st.builds(PassingEntered, words, st.sampled_from(["start", "finish"]), instants, words, words),
    st.builds(StartOffsetGiven, words, shifts, words, words),
    st.builds(TimeAdjusted, words, shifts, words, words),
    st.builds(StatusRuled, words, st.sampled_from(["dns", "dnf", "dsq", "withdrawn"]), words, words),
    st.builds(ResultWithheld, words, words, words),
    st.builds(TimeConfirmed, words, shifts, words, words),
    st.builds(
        DeadHeatRuled,
        st.lists(words, min_size=2, max_size=4).map(tuple),
        st.sampled_from(["net", "gun"]),
        st.none() | counts,
        words,
        words,
    ),
    st.builds(
        StationRepointed,
        words,
        st.sampled_from(["start", "finish"]),
        st.none() | instants,
        st.none() | instants,
        words,
        words,
    ),
    st.builds(StationGivenUp, words, st.lists(words, min_size=1, max_size=3).map(tuple), words, words, role=roles),
    st.builds(ClockRuled, words, shifts, counts, words, words),
    st.builds(CourseClosed, instants, words, words),
    st.builds(
        PrizeHandedOut,
        words,
        words,
        st.integers(1, 100_000),
        words,
        instants,
        words,
    ),
    st.builds(
        BibsPrinted,
        st.lists(st.from_regex(r"\A[0-9A-Z]{11}\Z"), min_size=1, max_size=3).map(tuple),
        words,
        words,
        role=roles,
    ),
    st.builds(
        BibsHandedOut,
        st.lists(words, min_size=1, max_size=3).map(tuple),
        st.sampled_from(["self", "captain"]),
        instants,
        words,
    ),
    st.builds(
        EditionPublished,
        st.integers(1, 9),
        st.sampled_from(["provisional", "official"]),
        counts,
        st.from_regex(r"\A[0-9a-f]{64}\Z"),
        st.none() | instants,
        st.lists(words, max_size=3).map(tuple),
        words,
        words,
    ),
    st.builds(ResultsHidden, st.booleans(), words, words),
    st.builds(FactUndone, counts, words, words),
    st.builds(
        Scanned,
        st.sampled_from(["qr", "mark", "typed", "tap"]),
        st.just("") | scanned_codes,
        instants,
        instants,
        counts,
        counts,
        st.none() | instants,
        crossings,
        st.integers(0, 2_000),
    ),
    st.builds(GunHeard, instants, plain_words),
)


def tag(kind: type[Event]) -> str:
    return str(kind.__struct_config__.tag)


def fields_of(data: bytes) -> dict[str, Any]:
    fields = json.loads(data)
    assert isinstance(fields, dict)
    return fields


@given(facts)
def test_every_fact_comes_back_as_it_was(fact: Event) -> None:
    assert decode(encode(fact)) == fact


@given(facts)
def test_the_bytes_are_those_that_any_json_library_writes(fact: Event) -> None:
    plain = {"event": tag(type(fact)), **msgspec.to_builtins(fact)}
    assert encode(fact) == json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(("line", "fact"), list(zip(GOLDEN, TOLD, strict=True)))
def test_a_line_stored_long_ago_still_tells_the_same(line: bytes, fact: Event) -> None:
    assert decode(line) == fact
    assert encode(fact) == line


def test_every_fact_has_a_stored_line() -> None:
    assert {fields_of(line)["event"] for line in GOLDEN} >= {tag(kind) for kind in KINDS}


def test_every_tag_bears_a_version() -> None:
    assert len({tag(kind) for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert tag(kind).partition("/")[0] == kind.__name__
        assert tag(kind).partition("/")[2].isdigit()


FORMERLY: dict[bytes, Event] = {
    b'{"at":5,"event":"PenOpened/1","station":"pen-2","wave":"2"}': StationOpened("pen-2", "pen", Instant(5), "2"),
    b'{"at":5,"event":"SplitOpened/1","metres":2500,"station":"split-1"}': StationOpened(
        "split-1", "split", Instant(5), metres=2_500
    ),
    b'{"code":"7K3MXQ2WABH","crossed_at":6,"event":"ScanRecorded/1","first_at":5,"frame":118,"last_at":7,"sightings":23}': Scanned(
        "qr", "7K3MXQ2WABH", Instant(5), Instant(7), 23, 118, Instant(6)
    ),
    b'{"code":"?1f0c9a2b3c4d5e6f","event":"ScanRecorded/1","first_at":5,"frame":0,"last_at":6,"sightings":2}': Scanned(
        "qr", "?1f0c9a2b3c4d5e6f", Instant(5), Instant(6), 2, 0
    ),
    b'{"code":"7K3MXQ2WABH","crossed_at":null,"event":"MarkRecorded/1","first_at":5,"frame":1,"last_at":6,"margin":640,"sightings":9}': Scanned(
        "mark", "7K3MXQ2WABH", Instant(5), Instant(6), 9, 1, margin=640
    ),
    b'{"at":5,"code":"7K3MXQ2WABH","event":"BibTyped/1"}': Scanned("typed", "7K3MXQ2WABH", Instant(5), Instant(5)),
    b'{"at":5,"event":"TapRecorded/1"}': Scanned("tap", "", Instant(5), Instant(5)),
    b'{"event":"ClockSeen/1","other":"server","other_at":5,"seen_at":6}': QrClockSeen("server", Instant(5), Instant(6)),
    b'{"by":"desk","course_m":3500,"event":"CourseMeasured/1","why":"\xeb\x8b\xa4\xec\x8b\x9c"}': CourseOpened(
        3_500, "desk", "다시"
    ),
}


@pytest.mark.parametrize(("line", "fact"), FORMERLY.items())
def test_a_line_of_a_rehearsal_before_version_1_tells_the_same_in_today_s_words(line: bytes, fact: Event) -> None:
    assert decode(line) == fact
    assert bytes(in_json(line)) == line


@pytest.mark.parametrize("tag", FORMER)
def test_half_a_line_of_a_rehearsal_is_not_read(tag: str) -> None:
    for line in (b'{"event":"%s"}', b'{"at":5.5,"event":"%s"}', b'{"at":5,"event":"%s","first_at":4,"more":1}'):
        with pytest.raises(UnknownEvent):
            decode(line % tag.encode())


def test_the_command_line_s_role_is_not_written_and_another_is() -> None:
    assert decode(encode(FactUndone(1, "desk", ""))) == FactUndone(1, "desk", "", role="director")
    assert b"role" not in encode(FactUndone(1, "desk", ""))
    assert fields_of(encode(FactUndone(1, "접수 1", "", role="counter")))["role"] == "counter"


@pytest.mark.parametrize(
    "unreadable",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"event":"WaveStarted/2","wave":"1","at":5}',
        b'{"event":"RaceCancelled/1"}',
        b'{"event":"WaveStarted/1","wave":"1"}',
        b'{"event":"WaveStarted/1","wave":"1","at":5.5}',
        b'{"event":"WaveStarted/1","wave":"1","at":5.0}',
        b'{"event":"WaveStarted/1","wave":"1","at":"5"}',
        b'{"event":"WaveStarted/1","wave":"1","at":true}',
        b'{"event":"WaveStarted/1","wave":"1","at":-1}',
        b'{"event":"WaveStarted/1","wave":"1","at":9007199254740993}',
        b'{"event":"WaveStarted/1","wave":"1","at":1e400}',
        b'{"event":"WaveStarted/1","wave":"\xff","at":5}',
        b'{"event":"WaveStarted/1","wave":"\\ud800","at":5}',
        b'{"event":"WaveStarted/1","wave":"1","at":5,"more":' + b"[" * 100_000,
        b'{"event":"WaveStarted/1","wave":"1","at":5} {}',
        b'{"event":"WaveStarted/1","wave":"' + b"1" * 81 + b'","at":5}',
        b'{"event":"StationOpened/1","station":"s","point":"moon","at":5}',
        b'{"event":["PenOpened/1"]}',
        b'{"event":"BibAssigned/1","bib":0,"entrant":"e","code":"c"}',
    ],
    ids=lambda data: data[:60].decode(errors="replace") or "nothing",
)
def test_what_this_version_cannot_read_is_said_clearly(unreadable: bytes) -> None:
    with pytest.raises(UnknownEvent, match="upgrade marathon"):
        decode(unreadable)


@given(
    st.binary()
    | st.builds(lambda fact, at, byte: encode(fact)[:at] + byte + encode(fact)[at:], facts, counts, st.binary())
)
def test_no_bytes_whatever_upset_the_reader(data: bytes) -> None:
    with suppress(UnknownEvent):
        assert encode(decode(data))


@given(st.binary() | st.binary().map(lambda data: b"{" + data + b"}") | facts.map(encode))
@example(b'"a text"')
@example(b'{"at":1,\n"event":"WaveStarted/1"}')
@example(b' {"at":1,"event":"WaveStarted/1"} ')
def test_any_item_travels_inside_json_on_one_line_and_comes_out_as_it_was(data: bytes) -> None:
    body = msgspec.json.encode({"items": [in_json(data)] * 2})
    assert b"\n" not in body
    assert [from_json(item) for item in msgspec.json.decode(body, type=dict[str, list[Raw]])["items"]] == [data] * 2


@given(facts)
def test_a_fact_travels_as_it_stands(fact: Event) -> None:
    assert bytes(in_json(encode(fact))) == encode(fact)


@pytest.mark.parametrize(
    "fact",
    [
        RaceOpened("r" * 81, 4_500),
        RaceOpened("r", -1),
        RaceOpened("r", 2**70),
        BibAssigned(1_000_000, "e1", "c"),
        WaveStarted("1", Instant(-5)),
        GunMoved("1", Instant(5), "desk", "왜" * 201),
        WaveStarted("\udcff", Instant(5)),
    ],
)
def test_a_fact_that_could_not_be_read_again_is_not_even_written(fact: Event) -> None:
    with pytest.raises(Unrecordable):
        encode(fact)
