"""The desk's book: what each fact writes into it, and what is left when one is taken back."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import after_gun, assigned, code_of, entrant, entrant_id, gun, opened, runner
from tests.rulings import corrections
from timing.race.events import (
    BibReplaced,
    BibsSwapped,
    ClockRuled,
    CompaniesMerged,
    Correction,
    CourseClosed,
    CourseOpened,
    DeadHeatRuled,
    DeskFact,
    EntrantMoved,
    FactUndone,
    GunMoved,
    HeadcountDeclared,
    PassingEntered,
    ResultWithheld,
    ScanVoided,
    StartOffsetGiven,
    StationRepointed,
    StatusRuled,
    TimeAdjusted,
    WaveAssigned,
    WaveStarted,
)
from timing.race.instants import SECOND, Span
from timing.race.office_state import OfficeState, undone

WHO = "director", "연습 판정"
MINUTE = Span(60 * SECOND)


def book_of(*facts: DeskFact) -> OfficeState:
    """A race of runners 1, 2 and 3, and then these facts."""
    book = OfficeState()
    for fact in (opened(), *(fact for bib in (1, 2, 3) for fact in runner(bib)), gun(), *facts):
        book.apply(fact)  # type: ignore[arg-type]  # `runner` says facts of any kind; these are the desk's
    return book


def firms(book: OfficeState) -> list[str]:
    return [book.entrants[entrant_id(bib)].company for bib in (1, 2, 3)]


def test_swapped_bibs_change_hands_with_every_code_their_holder_had() -> None:
    book = book_of(BibReplaced(entrant_id(1), 900, code_of(900), *WHO), BibsSwapped(entrant_id(1), entrant_id(2), *WHO))
    assert [book.entrants[entrant_id(bib)].bib for bib in (1, 2)] == [2, 900]
    assert book.codes[entrant_id(2)] == (code_of(1), code_of(900))
    assert {book.holders[code_of(bib)] for bib in (1, 900)} == {entrant_id(2)}
    assert book.holders[code_of(2)] == entrant_id(1)


def test_a_spare_bib_is_one_more_code_of_the_same_runner() -> None:
    book = book_of(BibReplaced(entrant_id(1), 900, code_of(900), *WHO))
    assert (book.entrants[entrant_id(1)].bib, book.codes[entrant_id(1)]) == (900, (code_of(1), code_of(900)))


def test_a_bib_has_one_holder() -> None:
    book = book_of(BibReplaced(entrant_id(1), 2, code_of(2), *WHO))
    assert book.holders[code_of(2)] == entrant_id(1)
    assert book.codes[entrant_id(2)] == ()


def test_whoever_swaps_with_nobody_or_with_themselves_keeps_the_bib() -> None:
    for other in (entrant_id(1), entrant_id(99)):
        assert book_of(BibsSwapped(entrant_id(1), other, *WHO)) == book_of()


def test_merged_firms_are_one_also_for_those_who_enter_or_move_later() -> None:
    merged = CompaniesMerged("c0001", "c0002", *WHO)
    book = book_of(merged, entrant(4, company="c0001"), EntrantMoved(entrant_id(3), "c0001", "t0001", *WHO))
    assert {one.company for one in book.entrants.values()} == {"c0002"}
    assert book.entrants[entrant_id(3)].team == "t0001"


def test_firms_that_were_merged_one_after_the_other_end_in_the_last() -> None:
    two, three = CompaniesMerged("c0001", "c0002", *WHO), CompaniesMerged("c0002", "c0003", *WHO)
    assert firms(book_of(two, three)) == firms(book_of(three, two)) == ["c0003"] * 3


def test_a_firm_that_was_merged_is_merged_again_with_all_it_became() -> None:
    """Whoever entered before and whoever enters after the second word run for the same firm."""
    facts = (
        CompaniesMerged("c0001", "c0002", *WHO),
        CompaniesMerged("c0001", "c0003", *WHO),
        entrant(4, company="c0001"),
    )
    assert {one.company for one in book_of(*facts).entrants.values()} == {"c0003"}


def test_firms_merged_into_each_other_do_not_go_round_in_a_circle() -> None:
    there, back = CompaniesMerged("c0001", "c0002", *WHO), CompaniesMerged("c0002", "c0001", *WHO)
    assert firms(book_of(there, back, CompaniesMerged("c0001", "c0001", *WHO))) == ["c0002"] * 3


def test_teams_of_one_name_are_one_with_their_firms_and_two_again_without() -> None:
    merged = CompaniesMerged("c0001", "c0002", *WHO, teams=(("t0001", "t0007"),))
    late = replace(entrant(4, company="c0001"), team="t0001")
    facts = [replace(entrant(bib, company="c0001"), team="t0001") for bib in (1, 2)]
    assert {one.team for one in book_of(*facts, merged, late).entrants.values()} == {"t0007", ""}
    assert book_of(*facts, late).entrants[entrant_id(1)].team == "t0001"


def test_a_wave_is_one_in_every_spelling() -> None:
    book = book_of(WaveStarted("2 조", after_gun("10:00")), GunMoved("２조", after_gun("11:00"), *WHO))
    assert book.guns == {"1": after_gun("0:00"), "2 조": after_gun("11:00")}
    assert book.wave("2조") == "2 조"
    assert [book.wave_called(name) for name in ("2", "1조", " 1", "3조")] == ["2 조", "1", "1", "3조"]


def test_a_headcount_is_the_merged_firm_s() -> None:
    merged, said = CompaniesMerged("c0001", "c0002", *WHO), HeadcountDeclared("c0001", 320, *WHO)
    assert book_of(merged, said).employees == {"c0002": 320}


def test_what_is_decided_about_a_runner_adds_up() -> None:
    book = book_of(
        WaveAssigned(entrant_id(1), "2", *WHO),
        PassingEntered(entrant_id(1), "start", after_gun("0:10"), *WHO),
        PassingEntered(entrant_id(1), "finish", after_gun("20:00"), *WHO),
        TimeAdjusted(entrant_id(1), MINUTE, *WHO),
        TimeAdjusted(entrant_id(1), Span(-SECOND), *WHO),
        StatusRuled(entrant_id(1), "dsq", *WHO),
        ResultWithheld(entrant_id(1), *WHO),
    )
    ruled = book.ruled[entrant_id(1)]
    assert (ruled.wave, ruled.start_at, ruled.finish_at) == ("2", after_gun("0:10"), after_gun("20:00"))
    assert (ruled.adjusted, ruled.status, ruled.withheld) == (59 * SECOND, "dsq", True)


def test_of_a_start_by_hand_and_a_start_by_offset_the_later_word_holds() -> None:
    by_hand = PassingEntered(entrant_id(1), "start", after_gun("0:10"), *WHO)
    ruled = book_of(by_hand, StartOffsetGiven(entrant_id(1), MINUTE, *WHO)).ruled[entrant_id(1)]
    assert (ruled.start_at, ruled.start_offset) == (None, MINUTE)
    ruled = book_of(StartOffsetGiven(entrant_id(1), MINUTE, *WHO), by_hand).ruled[entrant_id(1)]
    assert ruled.start_at == after_gun("0:10")


def test_a_dead_heat_is_everybody_s_in_it() -> None:
    heat = DeadHeatRuled((entrant_id(1), entrant_id(3)), "net", None, *WHO)
    book = book_of(heat)
    assert [entrant_id(bib) in book.ruled for bib in (1, 2, 3)] == [True, False, True]
    assert book.ruled[entrant_id(3)].dead_heat == heat.entrants


def test_dead_heats_that_share_somebody_are_one() -> None:
    heats = [DeadHeatRuled(tuple(map(entrant_id, of)), "net", None, *WHO) for of in ([1, 2], [3, 4], [3, 2])]
    ruled = book_of(*heats).ruled
    assert {ruled[entrant_id(bib)].dead_heat for bib in (1, 2, 3, 4)} == {tuple(map(entrant_id, (1, 2, 3, 4)))}


def test_what_concerns_the_whole_race() -> None:
    repointed = StationRepointed("finish-1", "start", None, after_gun("5:00"), *WHO)
    clock = ClockRuled("finish-1", Span(SECOND), 20_000, *WHO)
    book = book_of(
        GunMoved("1", after_gun("0:04"), *WHO),
        CourseOpened(3_500, *WHO),
        ScanVoided("ab", 7, *WHO),
        repointed,
        clock,
        CourseClosed(after_gun("60:00"), *WHO),
    )
    assert (book.guns, book.course_m, book.voided) == ({"1": after_gun("0:04")}, 3_500, {("ab", 7)})
    assert (book.repointed, book.clocks) == ({"finish-1": (repointed,)}, {"finish-1": clock})
    assert book.closed_at == after_gun("60:00")


@given(st.lists(corrections, max_size=6), corrections)
def test_a_copy_is_a_book_of_its_own(said: list[Correction], more: Correction) -> None:
    book, same = book_of(*said), book_of(*said)
    copied = book.copy()
    assert copied == book
    copied.apply(more)
    assert book == same
    book.apply(more)
    assert copied == book


@given(st.lists(corrections, max_size=6), corrections)
def test_whoever_stands_otherwise_after_a_fact_is_named_by_it(said: list[Correction], more: Correction) -> None:
    book = book_of(*said, assigned(3))
    before = book.copy()
    concerned = book.apply(more)
    changed = [
        one
        for one, now in book.entrants.items()
        if (before.entrants.get(one), before.ruled.get(one), before.codes.get(one))
        != (now, book.ruled.get(one), book.codes.get(one))
    ]
    assert concerned is None or set(changed) <= set(concerned)


def test_an_undo_that_is_undone_takes_nothing_back() -> None:
    said = StatusRuled(entrant_id(1), "dsq", *WHO)
    facts: list[tuple[int, DeskFact]] = [(4, said), (5, FactUndone(4, *WHO))]
    assert undone(facts) == {4}
    assert undone([*facts, (9, FactUndone(5, *WHO))]) == {5}
    assert undone([*facts, (9, FactUndone(5, *WHO)), (12, FactUndone(9, *WHO))]) == {9, 4}


def test_nothing_undoes_itself_or_what_comes_later() -> None:
    assert undone([(4, FactUndone(4, *WHO)), (5, FactUndone(9, *WHO)), (9, assigned(1))]) == set()
