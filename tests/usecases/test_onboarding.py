"""From the first word to the first question, and the same choices later on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.domain.booking import When
from bot.domain.learner import DEFAULT_PUSH_TIME, ONBOARDING, Field
from bot.store.tables import due, learner
from bot.usecases.dated import AskWhen, Confirm, ExamShown
from bot.usecases.outcome import (
    Asked,
    Choices,
    Finished,
    Hitch,
    Hitched,
    Outcome,
    Picker,
    Ready,
    Refusal,
    Unclear,
    Word,
)
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room


def step(outcome: Outcome) -> Field:
    if isinstance(outcome, AskWhen):
        return Field.EXAM
    assert isinstance(outcome, Picker), outcome
    return outcome.field


def refusal(outcome: Outcome) -> Refusal | None:
    assert isinstance(outcome, Picker), outcome
    return outcome.refusal


def due_rows(room: Room) -> list[Any]:
    return room.select(sa.select(due.c.at))


def test_each_step_is_typed(guest: Guest, room: Room) -> None:
    assert step(guest.says("/start")) is Field.PACK
    assert step(guest.says("MLS-C01")) is Field.ZONE
    assert step(guest.says("Lisbon")) is Field.EXAM
    assert isinstance(guest.says("15 January 9:30"), Confirm)
    booked = guest.taps(wants.Book)
    assert isinstance(booked, ExamShown)
    assert booked.booking.when == When(date(2027, 1, 15), time(9, 30), "Europe/Lisbon")
    assert step(guest.taps(wants.Skip)) is Field.PUSH_TIME
    assert step(guest.says("7:30pm")) is Field.MINUTES
    outcome = guest.says("45 min")
    assert isinstance(outcome, Ready)
    made = guest.learner
    assert (made.zone, made.push_time, made.minutes) == ("Europe/Lisbon", time(19, 30), 45)
    assert made.pushes_on
    assert (made.step, made.awaits) == (None, None)
    assert "2026-11-23T19:30:00+00:00" in {row[0].isoformat() for row in due_rows(room)}
    assert isinstance(guest.taps(wants.Practice), Asked)


def test_each_step_is_tapped(guest: Guest) -> None:
    guest.says("/start")
    assert step(guest.taps(wants.Choose)) is Field.ZONE
    assert step(guest.says("America/New_York")) is Field.EXAM  # a zone can only be typed
    assert step(guest.taps(wants.Skip)) is Field.PUSH_TIME
    assert step(guest.taps(wants.Choose(Field.PUSH_TIME, "20:00"))) is Field.MINUTES
    assert isinstance(guest.taps(wants.Choose(Field.MINUTES, "30")), Ready)
    made = guest.learner
    assert (made.zone, made.push_time, made.minutes) == ("America/New_York", time(20), 30)


def test_each_step_is_skipped_and_the_daily_question_comes_by_default(guest: Guest, room: Room) -> None:
    guest.says("/start")
    for field in ONBOARDING[1:]:
        assert step(guest.taps(wants.Skip)) is field
    assert isinstance(guest.taps(wants.Skip), Ready)
    assert guest.learner.pushes_on
    assert guest.learner.push_time == DEFAULT_PUSH_TIME
    assert len(due_rows(room)) == 1


@on_sqlite
def test_whoever_wants_no_daily_question_gets_none(guest: Guest, room: Room) -> None:
    guest.says("/start")
    for _ in (Field.PACK, Field.ZONE, Field.EXAM):
        guest.taps(wants.Skip)
    assert step(guest.taps(wants.Choose(Field.PUSH_TIME, "off"))) is Field.MINUTES
    assert isinstance(guest.taps(wants.Skip), Ready)
    assert not guest.learner.pushes_on
    assert due_rows(room) == []


@on_sqlite
def test_a_quiz_as_the_first_word_enrolls_without_pushes_and_offers_them_at_the_end(guest: Guest, room: Room) -> None:
    assert isinstance(guest.says("/quiz 1"), Asked)
    assert not guest.learner.pushes_on
    assert due_rows(room) == []
    guest.answers()
    outcome = guest.taps(wants.Next)
    assert isinstance(outcome, Finished)
    assert not outcome.has_reminder


@on_sqlite
def test_start_twice_begins_at_the_first_step_again_with_what_was_chosen(guest: Guest) -> None:
    guest.says("/start")
    guest.taps(wants.Skip)
    guest.says("Tokyo")
    assert step(guest.says("/start")) is Field.PACK
    assert guest.learner.zone == "Asia/Tokyo"
    assert guest.learner.pushes_on


@on_sqlite
def test_skip_of_a_step_that_is_over_changes_nothing(guest: Guest) -> None:
    guest.says("/start")
    guest.taps(wants.Skip)
    before = guest.learner
    assert guest.does(wants.Skip(Field.PACK), is_tap=True) == Hitched(Hitch.BEHIND)
    assert guest.learner == before


@on_sqlite
def test_a_question_in_between_takes_the_typed_letter(guest: Guest) -> None:
    guest.says("/start")
    guest.taps(wants.Skip)
    guest.says("/quiz 1")
    outcome = guest.says("b")
    assert not isinstance(outcome, Picker)
    assert guest.learner.step is Field.ZONE
    assert step(guest.does(wants.Skip(Field.ZONE), is_tap=True)) is Field.EXAM  # the onboarding can go on


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Kuala Lumpur", "Asia/Kuala_Lumpur"),
        ("europe/berlin", "Europe/Berlin"),
        ("  São Paulo ", "America/Sao_Paulo"),
        ("UTC+2", "Etc/GMT-2"),
    ],
)
def test_a_zone_is_a_city_or_a_zone_name(guest: Guest, typed: str, zone: str) -> None:
    guest.does(wants.Open(Field.ZONE), is_tap=True)
    outcome = guest.says(typed)
    assert isinstance(outcome, Choices)
    assert outcome.changed is Field.ZONE
    assert guest.learner.zone == zone


@on_sqlite
def test_a_city_that_is_in_several_zones_is_asked_about(guest: Guest) -> None:
    guest.says("/start")
    guest.taps(wants.Skip)
    outcome = guest.says("Springfield")
    assert isinstance(outcome, Picker)
    assert outcome.refusal is Refusal.SEVERAL_TOWNS
    assert len({town.zone for town in outcome.towns}) > 1
    assert guest.learner.zone == "UTC"
    assert step(guest.taps(wants.Choose(Field.ZONE, outcome.towns[1].zone))) is Field.EXAM
    assert guest.learner.zone == outcome.towns[1].zone


@on_sqlite
@pytest.mark.parametrize("typed", ["Qwrtzpsd", "🏔️", "x" * 5000, "a\x00b", "'; DROP TABLE learner; --"])
def test_an_unknown_city_is_asked_again_and_can_be_typed_anew(guest: Guest, typed: str) -> None:
    guest.says("/start")
    guest.taps(wants.Skip)
    assert refusal(guest.says(typed)) in (Refusal.UNKNOWN_ZONE, Refusal.SEVERAL_TOWNS)
    assert step(guest.says("Oslo")) is Field.EXAM


@on_sqlite
def test_a_push_time_in_the_quiet_hours_is_refused(guest: Guest) -> None:
    guest.does(wants.Open(Field.PUSH_TIME), is_tap=True)
    assert refusal(guest.says("23:15")) is Refusal.IN_QUIET_HOURS
    assert refusal(guest.says("half past never")) is Refusal.NO_TIME
    assert isinstance(guest.says("21:59"), Choices)


@on_sqlite
@pytest.mark.parametrize("typed", ["4", "301", "0", "-5", "a lot", "99999999999"])
def test_minutes_out_of_range_are_refused(guest: Guest, typed: str) -> None:
    guest.does(wants.Open(Field.MINUTES), is_tap=True)
    assert refusal(guest.says(typed)) is Refusal.NO_MINUTES
    assert isinstance(guest.says("300"), Choices)


def test_settings_switch_things_off_and_on(guest: Guest, room: Room) -> None:
    assert isinstance(guest.says("/settings"), Choices)
    guest.taps(wants.Open(Field.CONFIDENCE))
    guest.taps(wants.Choose(Field.CONFIDENCE, "off"))
    assert not guest.learner.confidence_on
    guest.taps(wants.Open(Field.PUSHES))
    guest.taps(wants.Choose(Field.PUSHES, "on"))
    assert guest.learner.pushes_on
    assert len(due_rows(room)) == 1
    guest.taps(wants.Open(Field.PUSHES))
    guest.taps(wants.Choose(Field.PUSHES, "off"))
    assert due_rows(room) == []
    guest.taps(wants.Open(Field.QUIET))
    guest.taps(wants.Choose(Field.QUIET, "off"))
    start, end = guest.learner.quiet
    assert start == end


@on_sqlite
def test_quiet_hours_are_not_laid_over_the_push_time(guest: Guest) -> None:
    guest.does(wants.Choose(Field.PUSHES, "on"), is_tap=True)
    guest.does(wants.Open(Field.QUIET), is_tap=True)
    assert refusal(guest.says("17:00-19:00")) is Refusal.HOURS_HOLD_PUSH
    assert refusal(guest.says("whenever")) is Refusal.NO_HOURS
    assert isinstance(guest.says("18:01 to 7am"), Choices)


@on_sqlite
def test_pushes_are_not_switched_on_inside_quiet_hours(guest: Guest, room: Room) -> None:
    guest.does(wants.Choose(Field.QUIET, "17:00-19:00"), is_tap=True)  # pushes are off, so nothing is in the way
    assert refusal(guest.does(wants.Choose(Field.PUSHES, "on"), is_tap=True)) is Refusal.IN_QUIET_HOURS
    assert "18:00" in guest.view.text
    assert not guest.learner.pushes_on
    assert due_rows(room) == []


@on_sqlite
def test_what_is_typed_after_a_refused_button_of_an_old_message_corrects_it(guest: Guest) -> None:
    guest.says("/start")
    for _ in ONBOARDING:
        guest.taps(wants.Skip)
    assert refusal(guest.does(wants.Choose(Field.PUSH_TIME, "6:00"), is_tap=True)) is Refusal.IN_QUIET_HOURS
    assert isinstance(guest.says("8:30"), Choices)
    assert guest.learner.push_time == time(8, 30)


@on_sqlite
def test_a_choice_from_an_old_message_does_not_lose_the_step_that_stands(guest: Guest) -> None:
    guest.says("/start")
    guest.taps(wants.Skip)
    guest.says("Madrid")
    guest.taps(wants.Skip)
    guest.taps(wants.Skip)
    assert isinstance(guest.does(wants.Choose(Field.PUSH_TIME, "12:30"), is_tap=True), Choices)
    assert isinstance(guest.says("60"), Ready)
    assert (guest.learner.push_time, guest.learner.minutes) == (time(12, 30), 60)


@on_sqlite
@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        (Field.PACK, "no-such-pack", Refusal.NO_SUCH_PACK),
        (Field.CONFIDENCE, "maybe", Refusal.NO_SUCH_CHOICE),
        (Field.PUSHES, "", Refusal.NO_SUCH_CHOICE),
        (Field.ZONE, "../../etc/passwd", Refusal.UNKNOWN_ZONE),
        (Field.ZONE, "localtime", Refusal.UNKNOWN_ZONE),
        (Field.QUIET, "99:99-1", Refusal.NO_HOURS),
    ],
)
def test_a_forged_choice_is_refused(guest: Guest, field: Field, value: str, why: Refusal) -> None:
    guest.says("/help")
    before = guest.learner
    assert refusal(guest.does(wants.Choose(field, value), is_tap=True)) is why
    assert guest.learner.zone == before.zone


@on_sqlite
def test_words_that_nothing_asked_for_are_unclear(guest: Guest) -> None:
    for text in ("hello there", "", "🙂🙃", "x" * 5000, "b", "\u202e\u200b"):
        outcome = guest.says(text)
        assert isinstance(outcome, Unclear), text
        assert len(outcome.given) <= 60


@on_sqlite
def test_an_unknown_command_names_the_one_it_may_have_meant(guest: Guest) -> None:
    assert guest.says("/quizz") == Unclear("quizz", is_command=True, near="quiz")
    assert guest.says("/xyzzy") == Unclear("xyzzy", is_command=True, near=None)
    assert guest.does(wants.Unknown("xyz"), is_tap=True) == Hitched(Hitch.GONE)
    assert guest.says("/help") is Word.HELP


def test_two_first_words_at_once_make_one_learner(guest: Guest, room: Room) -> None:
    others = [room.person() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: one.does(wants.Start()), others))
    assert len(room.select(sa.select(learner.c.id))) == 1


def test_pushes_speak_the_language_that_the_platform_said_last(room: Room) -> None:
    anna = room.person(locale="")
    anna.says("/start")
    assert anna.learner.locale == ""
    for said, kept in (("de", "de"), ("", "de"), ("pt-BR", "pt-BR"), ("x" * 36, "pt-BR")):
        anna.locale = said
        anna.says("/help")
        assert anna.learner.locale == kept
