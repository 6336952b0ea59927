"""The office's forms that stand recorded: one that is sent again counts once, and yesterday's are forgotten."""

import pytest
from sqlalchemy import Engine, func, select

from tests.builders import GUN, RACE
from timing.people.sent_forms import LASTS, AnsweredBefore, FormReused, SentForm, SentForms
from timing.race.instants import Instant
from timing.store.database import writing
from timing.store.tables import sent_form

FORM, OTHER = SentForm("a1", b"1" * 32), SentForm("b2", b"2" * 32)


def keep(engine: Engine, form: SentForm, at: Instant) -> None:
    with writing(engine) as connection:
        SentForms(engine, RACE).keep(connection, form, "/office/new", at)


def test_a_form_counts_once_and_other_content_under_its_number_is_refused(engine: Engine) -> None:
    keep(engine, FORM, GUN)
    with pytest.raises(AnsweredBefore):
        keep(engine, FORM, GUN)
    with pytest.raises(FormReused):
        keep(engine, SentForm("a1", b"3" * 32), GUN)
    assert SentForms(engine, RACE).answered(FORM) == "/office/new"


def test_a_form_is_known_for_a_day_and_then_takes_no_room(engine: Engine) -> None:
    keep(engine, FORM, GUN)
    keep(engine, OTHER, Instant(GUN + LASTS - 1))
    assert SentForms(engine, RACE).answered(FORM)
    keep(engine, SentForm("c3", b"3" * 32), Instant(GUN + LASTS))
    assert SentForms(engine, RACE).answered(FORM) is None and SentForms(engine, RACE).answered(OTHER)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(sent_form)) == 2
