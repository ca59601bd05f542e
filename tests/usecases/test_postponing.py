"""Not now: in an hour, tonight, tomorrow; or done already."""

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.codec import LIMIT, encode
from bot.chat.intent import Later
from bot.domain.learner import Field
from bot.domain.remind import Unwelcome
from bot.store.tables import outbox, tick
from bot.usecases.dated import SlotReached, Snoozed
from bot.usecases.outcome import Choices, Hitch, Hitched, Outcome, Word
from tests.store.engines import on_sqlite
from tests.usecases.postman import Letter, Postman, names, wall
from tests.usecases.room import Guest, Room
from tests.usecases.test_booking import books


@pytest.fixture
def postman(room: Room) -> Postman:
    return Postman(room)


@pytest.fixture
def candidate(room: Room) -> Guest:
    """Somebody in Berlin with two hours a day, the question at six, and an exam on 15 December at 9:30."""
    return settles(room.person())


def settles(guest: Guest, **choices: str) -> Guest:
    guest.says("/start")
    chosen = {"zone": "Europe/Berlin", "minutes": "120", "push_time": "18:00", "pushes": "on", **choices}
    for name, value in chosen.items():
        guest.does(wants.Choose(Field(name), value), is_tap=True)
    books(guest)
    return guest


def puts_off(guest: Guest, letter: Letter, how: Later) -> Outcome:
    """Taps one of the buttons under a message."""
    guest.view = letter.view
    return guest.taps(lambda intent: isinstance(intent, wants.Snooze) and intent.how is how)


def ticks_off(guest: Guest, letter: Letter) -> Outcome:
    guest.view = letter.view
    return guest.taps(wants.Done)


def kept(room: Room) -> list[str]:
    return [row.name for row in room.select(sa.select(tick.c.name))]


@pytest.mark.parametrize(
    ("how", "comes"),
    [(Later.HOUR, "11-23 19:00 daily"), (Later.TONIGHT, "11-23 19:30 daily")],
)
def test_a_daily_question_put_off_comes_again_with_the_same_question(
    candidate: Guest, postman: Postman, how: Later, comes: str
) -> None:
    (first,) = postman.till(11, 23, 18)
    assert isinstance(puts_off(candidate, first, how), Snoozed)
    (again,) = postman.till(11, 24, 12)
    assert names([again]) == [comes]
    assert [span.text for span in again.view.spans] == [span.text for span in first.view.spans]
    candidate.view, candidate.outcome = again.view, postman.room.outcomes[-1]
    candidate.answers()


@on_sqlite
def test_put_off_to_tomorrow_it_is_tomorrows_question_and_one_alone(candidate: Guest, postman: Postman) -> None:
    (first,) = postman.till(11, 23, 18)
    outcome = puts_off(candidate, first, Later.TOMORROW)
    assert isinstance(outcome, Snoozed)
    assert outcome.until == wall(11, 24, 18)
    assert names(postman.till(11, 25, 12)) == ["11-24 18:00 daily"]
    assert names(postman.till(11, 26, 12)) == ["11-25 18:00 daily"]


@on_sqlite
def test_what_was_put_off_comes_though_the_daily_question_has_backed_off(candidate: Guest, postman: Postman) -> None:
    postman.till(11, 25, 12)
    (third,) = postman.till(11, 25, 18)  # the third that is ignored
    assert isinstance(puts_off(candidate, third, Later.HOUR), Snoozed)
    (again,) = postman.till(11, 25, 20)
    assert isinstance(puts_off(candidate, again, Later.TOMORROW), Snoozed)
    assert names(postman.till(11, 27, 12)) == ["11-26 18:00 daily"]  # that one: the day's own has backed off
    assert postman.dropped[f"daily:{candidate.learner.id}:2026-11-26"] is Unwelcome.BACKED_OFF


@on_sqlite
def test_putting_off_is_not_ignoring(candidate: Guest, postman: Postman) -> None:
    letters = postman.till(11, 23, 18)
    for _ in range(3):
        assert isinstance(puts_off(candidate, letters[-1], Later.HOUR), Snoozed)
        letters = postman.until(postman.room.clock.now.replace(minute=0) + (wall(11, 23, 19) - wall(11, 23, 18)))
        assert len(letters) == 1
    assert names(postman.till(11, 25, 18)) == ["11-24 18:00 daily", "11-25 18:00 daily"]


@on_sqlite
def test_choices_can_be_changed_after_something_was_put_off(candidate: Guest, postman: Postman) -> None:
    (first,) = postman.till(11, 23, 18)
    puts_off(candidate, first, Later.TONIGHT)
    outcome = candidate.does(wants.Choose(Field.PUSH_TIME, "20:00"), is_tap=True)
    assert isinstance(outcome, Choices)
    assert names(postman.till(11, 24, 20)) == ["11-23 19:30 daily", "11-24 20:00 daily"]


def test_an_appointment_put_off_comes_again(candidate: Guest, postman: Postman, room: Room) -> None:
    midday = postman.till(12, 13, 12, 15)[-1]
    assert midday.what == "set-2"
    assert isinstance(puts_off(candidate, midday, Later.HOUR), Snoozed)
    again = postman.till(12, 13, 18)
    assert names(again) == ["12-13 13:15 set-2"]
    assert isinstance(puts_off(candidate, again[0], Later.TONIGHT), Snoozed)
    assert names(postman.till(12, 13, 22)) == ["12-13 18:15 missed-2", "12-13 19:30 set-2"]
    assert isinstance(room.outcomes[-1], SlotReached)


@on_sqlite
def test_tonight_is_evening_where_the_exam_is(candidate: Guest, postman: Postman) -> None:
    books(candidate, "15 December 9:30 New York")
    midday = postman.till(12, 13, 18, 15)[-1]
    assert midday.what == "set-2"
    outcome = puts_off(candidate, midday, Later.TONIGHT)
    assert isinstance(outcome, Snoozed)
    assert outcome.zone == "America/New_York"
    assert "19:30" in candidate.view.text
    assert names(postman.till(12, 14, 2))[-1] == "12-14 01:30 set-2"


@on_sqlite
def test_five_times_are_enough(candidate: Guest, postman: Postman) -> None:
    room = postman.room
    letters = postman.till(12, 13, 8)
    assert letters[-1].what == "weak-2"
    for nth in range(1, 6):
        outcome = puts_off(candidate, letters[-1], Later.HOUR)
        assert isinstance(outcome, Snoozed)
        letters = [one for one in postman.until(outcome.until) if one.what == "weak-2"]
        assert [one.push.key.partition("#")[2] for one in letters] == [str(nth)]
    assert puts_off(candidate, letters[-1], Later.HOUR) == Hitched(Hitch.TOO_LATE)
    waiting = room.select(sa.select(outbox.c.key).where(outbox.c.state == "waiting"))
    assert waiting == []


@on_sqlite
def test_a_second_tap_puts_it_off_once(candidate: Guest, postman: Postman) -> None:
    midday = postman.till(12, 13, 12, 15)[-1]
    assert isinstance(puts_off(candidate, midday, Later.HOUR), Snoozed)
    for how in (Later.HOUR, Later.TONIGHT):
        assert puts_off(candidate, midday, how) == Hitched(Hitch.BEHIND)
    assert names(postman.till(12, 13, 18)) == ["12-13 13:15 set-2"]


@on_sqlite
@pytest.mark.parametrize(
    ("what", "at", "how"),
    [
        ("missed-2", (12, 13, 21, 30), Later.HOUR),  # past bedtime
        ("weak-2", (12, 13, 8, 0), Later.TOMORROW),  # a day of rest
        ("set-2", (12, 13, 12, 15), Later.TOMORROW),
        ("light-1", (12, 14, 20, 45), Later.HOUR),  # sleep, and half a day before the exam
        ("check-1", (12, 14, 14, 10), Later.TOMORROW),  # the exam is over
    ],
)
def test_too_late_to_be_of_use_says_so(
    candidate: Guest, postman: Postman, what: str, at: tuple[int, int, int, int], how: Later
) -> None:
    letters = postman.till(*at)
    letter = next(one for one in letters if one.what == what)
    before = len(postman.room.select(sa.select(outbox.c.id)))
    intent = wants.Snooze(how, letter.push.key)
    assert candidate.does(intent, is_tap=True) == Hitched(Hitch.TOO_LATE)
    assert len(postman.room.select(sa.select(outbox.c.id))) == before


@on_sqlite
def test_a_daily_question_is_not_put_off_into_the_quiet_hours(room: Room, postman: Postman) -> None:
    late = settles(room.person(), push_time="21:30")
    (letter,) = postman.till(11, 23, 21, 30)
    assert puts_off(late, letter, Later.HOUR) == Hitched(Hitch.TOO_LATE)
    assert puts_off(late, letter, Later.TONIGHT) == Hitched(Hitch.TOO_LATE)
    assert isinstance(puts_off(late, letter, Later.TOMORROW), Snoozed)


@on_sqlite
def test_no_study_is_put_off_into_the_day_of_rest(room: Room, postman: Postman) -> None:
    owl = settles(room.person(), quiet="3:00-11:00")
    letters = postman.till(12, 13, 23, 30)
    evening = next(one for one in letters if one.what == "missed-2")
    assert puts_off(owl, evening, Later.HOUR) == Hitched(Hitch.TOO_LATE)  # she is up until three


def test_forged_keys_change_nothing(candidate: Guest, postman: Postman, room: Room) -> None:
    mallory = settles(room.person("2"))
    letters = postman.till(12, 13, 12, 15)
    theirs = next(one for one in letters if one.what == "set-2" and one.push.learner == candidate.learner.id)
    mine = candidate.learner.id
    counted = len(room.select(sa.select(outbox.c.id)))
    longest = "x" * (LIMIT - len("z:tomorrow:"))
    forged = [
        *(theirs.push.key, f"{theirs.push.key}#1", "exam:1:missed-2:2026-12-13", "exam:1:t-3:2099-01-01"),
        *(f"daily:{mine}:2099-01-01", f"daily:{mine}:2026-12-13", "plan:1", "ready:routine"),
        *("exam:9999:set-2:2026-12-13", "", "#", "#1", ":", "exam", "exam:", "exam:x:y", "daily::", "%", "exam:1:%"),
        *("💥" * 10, "\u202e", "\x00", longest),
    ]
    for key in forged:
        for how in Later:
            assert len(encode(wants.Snooze(how, key))) <= LIMIT
            assert mallory.does(wants.Snooze(how, key), is_tap=True) == Hitched(Hitch.BEHIND), key
        assert mallory.does(wants.Done(key), is_tap=True) == Hitched(Hitch.BEHIND), key
    for key in forged[2:]:  # not even for their owner, as they were never sent
        assert candidate.does(wants.Done(key), is_tap=True) == Hitched(Hitch.BEHIND), key
        assert candidate.does(wants.Snooze(Later.HOUR, key), is_tap=True) == Hitched(Hitch.BEHIND), key
    assert kept(room) == []
    assert len(room.select(sa.select(outbox.c.id))) == counted


@on_sqlite
def test_what_has_no_such_button_is_not_put_off(candidate: Guest, postman: Postman, room: Room) -> None:
    letters = postman.until(wall(12, 15, 15))
    for letter in letters:
        if letter.what in ("t-14", "t-7", "t-3", "tactics-1", "morning-0", "luck-0", "debrief"):
            assert candidate.does(wants.Snooze(Later.HOUR, letter.push.key), is_tap=True) == Hitched(Hitch.BEHIND)
    assert room.select(sa.select(outbox.c.key).where(outbox.c.state == "waiting")) == []


def test_done_twice_is_once(candidate: Guest, postman: Postman, room: Room) -> None:
    midday = postman.till(12, 13, 12, 15)[-1]
    assert ticks_off(candidate, midday) is Word.NOTED
    room.clock.waits(minutes=1)
    assert candidate.does(wants.Done(midday.push.key), is_tap=True) is Word.NOTED
    assert kept(room) == [midday.push.key]


def test_what_was_put_off_and_then_done_does_not_come(candidate: Guest, postman: Postman) -> None:
    midday = postman.till(12, 13, 12, 15)[-1]
    puts_off(candidate, midday, Later.HOUR)
    assert ticks_off(candidate, midday) is Word.NOTED
    assert names(postman.till(12, 13, 18)) == []
    assert postman.dropped[f"{midday.push.key}#1"] is Unwelcome.TICKED


@on_sqlite
def test_a_daily_question_put_off_and_then_done_does_not_come(candidate: Guest, postman: Postman) -> None:
    (first,) = postman.till(11, 23, 18)
    puts_off(candidate, first, Later.HOUR)
    (again,) = postman.till(11, 23, 19)
    puts_off(candidate, again, Later.HOUR)
    assert ticks_off(candidate, again) is Word.NOTED  # on the one that came again
    assert postman.till(11, 23, 23) == []
    assert names(postman.till(11, 24, 18)) == ["11-24 18:00 daily"]


@on_sqlite
def test_what_was_put_off_does_not_come_after_the_exam_was_moved(candidate: Guest, postman: Postman) -> None:
    midday = postman.till(12, 13, 12, 15)[-1]
    puts_off(candidate, midday, Later.HOUR)
    books(candidate, "22 December 9:30 Berlin")
    assert names(postman.till(12, 14)) == []
    assert postman.dropped[f"{midday.push.key}#1"] is Unwelcome.MOVED
    assert candidate.does(wants.Snooze(Later.HOUR, midday.push.key), is_tap=True) == Hitched(Hitch.BEHIND)


@on_sqlite
def test_what_was_put_off_costs_the_evening_nothing(candidate: Guest, postman: Postman) -> None:
    """Each repeat counted for the day's most, so that putting off twice took away the evening's message."""
    midday = postman.till(12, 13, 12, 15)[-1]
    for _ in range(3):
        outcome = puts_off(candidate, midday, Later.HOUR)
        assert isinstance(outcome, Snoozed)
        (midday,) = postman.until(outcome.until)
    assert names(postman.till(12, 13, 20)) == ["12-13 18:15 missed-2"]
