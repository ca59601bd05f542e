"""A booked push on its way: what the platform may answer, and what may happen to a process."""

import asyncio
import contextlib
import logging
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from bot.chat.intent import Choose, Pick
from bot.delivery.courier import LEASE_S, LONGEST_WAIT_S, MOST_TRIES, ORDINARY, Courier
from bot.domain.item import SingleChoice
from bot.domain.learner import Field
from bot.domain.memory import Memory
from bot.ports import Delivered, Failed, Gone, Moved, Receipt, TooFast
from bot.store.database import Database
from bot.usecases.outcome import Hitched, Locked, Pushed, Word
from tests.delivery.conftest import Office
from tests.store.engines import on_postgres, on_sqlite
from tests.store.test_turns import cut


def push_time(office: Office) -> None:
    """Goes on to 18:00 UTC, when the push is due."""
    office.clock.now = office.clock.now.replace(hour=18, minute=0, second=0, microsecond=0)


def next_day(office: Office) -> None:
    office.clock.waits(days=1)
    push_time(office)


async def test_a_push_carries_its_first_question_and_is_answered_with_a_tap(office: Office) -> None:
    guest = office.joins()
    push_time(office)
    (sent,) = await office.ticks()
    assert sent.chat == "chat-1"
    assert isinstance(office.room.outcomes[-1], Pushed)
    guest.view = sent.view
    assert isinstance(guest.taps(Pick), Locked)
    assert office.fates() == [("2026-11-23", "sent", None)]


async def test_it_is_sent_once(office: Office) -> None:
    office.joins()
    push_time(office)
    assert len(await office.ticks()) == 1
    for _ in range(5):
        office.clock.waits(minutes=31)
        assert await office.ticks() == []


@on_sqlite
async def test_whoever_is_gone_gets_nothing_until_they_write_again(office: Office) -> None:
    guest = office.joins()
    office.post.answers = [Gone("bot was blocked by the user")]
    push_time(office)
    await office.ticks()
    next_day(office)
    assert await office.ticks() == []
    assert office.fates() == [("2026-11-23", "dropped", "bot was blocked by the user")]
    guest.says("/help")
    assert await office.ticks() == []  # today's time is over
    next_day(office)
    assert len(await office.ticks()) == 1


@on_sqlite
async def test_a_chat_that_moved_is_followed(office: Office) -> None:
    office.joins()
    office.post.answers = [Moved("-100")]
    push_time(office)
    assert [sent.chat for sent in await office.ticks()] == ["chat-1", "-100"]
    next_day(office)
    assert [sent.chat for sent in await office.ticks()] == ["-100"]


@on_sqlite
async def test_a_chat_that_moves_in_circles_is_given_up(office: Office) -> None:
    office.joins()
    office.post.always = lambda chat: Moved("a" if chat == "b" else "b")
    push_time(office)
    assert len(await office.ticks()) == MOST_TRIES
    assert office.fates() == [("2026-11-23", "dropped", "moved too often")]


@on_sqlite
async def test_a_pause_for_one_chat_holds_that_chat_alone(office: Office) -> None:
    office.joins("1")
    office.joins("2")
    office.post.always = lambda chat: (
        TooFast(60, everyone=False)
        if chat == "chat-1" and len([one for one in office.post.sent if one.chat == chat]) == 1
        else Delivered("m")
    )
    push_time(office)
    assert sorted(sent.chat for sent in await office.ticks()) == ["chat-1", "chat-2"]
    paused_at = office.clock.now
    office.clock.waits(seconds=59)
    assert await office.ticks() == []
    office.clock.now = paused_at + timedelta(seconds=61)
    assert [sent.chat for sent in await office.ticks()] == ["chat-1"]
    assert {state for _, state, _ in office.fates()} == {"sent"}


@on_sqlite
async def test_a_pause_for_everyone_is_kept_by_everyone(office: Office) -> None:
    office.joins("1")
    push_time(office)
    office.post.answers = [TooFast(40, everyone=True)]
    await office.ticks()
    held_at = office.clock.now
    office.joins("2", push_time="18:01")
    office.clock.now = held_at + timedelta(seconds=39)
    assert await office.ticks() == []
    office.clock.now = held_at + timedelta(seconds=80)
    assert sorted(sent.chat for sent in await office.ticks()) == ["chat-1", "chat-2"]


@on_sqlite
async def test_a_pause_with_many_waiting_ends(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waiting push took a slot that it gave up again, so the next free one was ever further away."""
    monkeypatch.setattr("bot.delivery.courier.RATES", {"telegram": 1.0})
    people = int(LONGEST_WAIT_S) + 5
    for n in range(people):
        office.joins(str(n))
    push_time(office)
    with office.room.database.outbox() as outbox:
        outbox.hold("telegram", office.clock.now + timedelta(seconds=60))
    assert await office.ticks() == []
    office.clock.waits(seconds=61)
    began = office.clock.now
    sent = await office.ticks()
    while len(sent) < people and office.clock.now - began < timedelta(minutes=5):
        office.clock.waits(seconds=1)
        sent += await office.ticks()
    assert sorted(one.chat for one in sent) == sorted(f"chat-{n}" for n in range(people))
    assert office.clock.now - began < timedelta(seconds=people * 2 + 10)


@on_sqlite
async def test_pushes_keep_the_rate_of_the_platform(office: Office) -> None:
    for n in range(40):
        office.joins(str(n))
    push_time(office)
    began = office.clock.now
    sent = await office.ticks()
    assert len(sent) == 40
    assert office.clock.now - began >= timedelta(seconds=39 / 28 - 0.01)


@on_sqlite
async def test_a_failure_is_tried_again_later_and_later_and_then_given_up(office: Office) -> None:
    office.joins()
    office.post.always = lambda _: Failed("503")
    push_time(office)
    began = office.clock.now
    for _ in range(400):
        await office.ticks()
        office.clock.waits(seconds=1)
    waits = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(office.post.sent)]
    assert len(office.post.sent) == MOST_TRIES
    assert [round(wait / 5) for wait in waits] == [1, 2, 4, 8, 16]
    assert office.post.sent[-1].at - began < timedelta(minutes=5)
    assert {sent.view for sent in office.post.sent} == {office.post.sent[0].view}
    assert office.fates() == [("2026-11-23", "dropped", "503")]


@on_sqlite
async def test_waits_for_the_platform_do_not_use_up_the_tries(office: Office) -> None:
    office.joins()
    pauses = [TooFast(20, everyone=True) for _ in range(MOST_TRIES + 2)]
    office.post.answers = [*pauses, Failed("502"), Delivered("m")]
    push_time(office)
    for _ in range(60):
        office.clock.waits(seconds=5)
        await office.ticks()
    assert office.fates() == [("2026-11-23", "sent", None)]


@on_sqlite
async def test_a_channel_that_breaks_its_promise_is_logged_and_the_push_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.joins("1")
    office.joins("2")
    office.post.answers = [ZeroDivisionError("a bug")]
    push_time(office)
    await office.ticks()
    assert "was not delivered; it is tried again" in caplog.text
    assert len(office.post.sent) == 2  # the other one's went all the same
    office.clock.waits(seconds=LEASE_S + 1)
    assert len(await office.ticks()) == 1


async def test_a_process_that_dies_before_sending_is_made_up_for_with_the_same_question(office: Office) -> None:
    office.joins()
    push_time(office)
    await office.rounds.book()
    with office.room.database.outbox() as outbox:  # a process claims, writes the message, and is no more
        (parcel,) = outbox.claim(["telegram"], office.clock.now, LEASE_S, 32)
    written = office.room.tutor.compose(parcel.push)
    office.clock.waits(seconds=LEASE_S - 1)
    assert await office.courier().drain() == 0
    office.clock.waits(seconds=1)
    assert await office.courier().drain() == 1
    assert [sent.view for sent in office.post.sent] == [written]
    office.clock.waits(minutes=5)
    assert await office.courier().drain() == 0


@on_sqlite
async def test_a_machine_that_slept_over_its_claim_claims_anew(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.joins()
    push_time(office)
    await office.rounds.book()
    naps = iter([LEASE_S])

    async def sleep(delay: float) -> None:
        office.clock.waits(seconds=next(naps, delay))

    monkeypatch.setattr(asyncio, "sleep", sleep)
    assert await office.courier().drain() == 2
    assert len(office.post.sent) == 1


@on_postgres
async def test_a_database_that_is_away_when_a_push_has_gone_is_asked_again(office: Office, database_url: str) -> None:
    office.joins()
    push_time(office)
    await office.rounds.book()

    def cuts(_: str) -> Receipt:
        cut(database_url)
        return Delivered("42")

    office.post.always = cuts
    with contextlib.suppress(DBAPIError, psycopg.Error):  # what another worker meets afterwards
        await office.courier().drain()
    assert [state for _, state, _ in office.fates()] == ["sent"]


async def test_a_typed_letter_never_answers_a_push_that_was_not_sent(office: Office) -> None:
    guest = office.joins()
    push_time(office)
    shown = guest.asked(SingleChoice).ask
    office.post.answers = [Failed("Telegram is ill")]
    (unsent,) = await office.ticks()
    outcome = guest.says("b")
    assert isinstance(outcome, Locked)
    assert outcome.posed.ask.id == shown.id
    office.clock.waits(minutes=5)
    (sent,) = await office.ticks()
    assert sent.view == unsent.view
    outcome = guest.says("b")
    assert isinstance(outcome, Locked | Hitched)
    assert not isinstance(outcome, Locked) or outcome.posed.ask.id != shown.id


async def killed_after_sending(office: Office) -> None:
    """A process sends, and is killed before the platform's answer is written down."""
    office.post.hangs = True
    process = asyncio.create_task(office.courier().drain())
    await office.post.arrived.wait()
    process.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await process
    office.post.hangs = False


async def test_a_process_that_dies_after_sending_costs_one_repetition_at_most(office: Office) -> None:
    office.joins()
    push_time(office)
    await office.rounds.book()
    await killed_after_sending(office)
    office.clock.waits(seconds=LEASE_S)
    assert await office.courier().drain() == 1
    office.clock.waits(minutes=5)
    assert await office.courier().drain() == 0
    first, second = office.post.sent
    assert first.view == second.view


@on_sqlite
async def test_a_question_that_was_answered_in_between_is_not_sent_again(office: Office) -> None:
    guest = office.joins()
    push_time(office)
    await office.rounds.book()
    await killed_after_sending(office)
    guest.view = office.post.sent[0].view
    guest.taps(Pick)
    office.clock.waits(seconds=LEASE_S)
    await office.courier().drain()
    assert len(office.post.sent) == 1
    assert office.fates() == [("2026-11-23", "dropped", "answered")]


@on_sqlite
async def test_what_was_switched_off_in_between_is_not_sent(office: Office) -> None:
    guest = office.joins()
    push_time(office)
    await office.rounds.book()
    guest.does(Choose(Field.PUSHES, "off"), is_tap=True)
    assert await office.ticks() == []
    assert office.fates() == [("2026-11-23", "dropped", "off")]
    next_day(office)
    assert await office.ticks() == []


@on_sqlite
async def test_whoever_is_forgotten_in_between_gets_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    guest = office.joins()
    push_time(office)
    await office.rounds.book()
    with office.room.database.outbox() as outbox:
        (parcel,) = outbox.claim(["telegram"], office.clock.now, LEASE_S, 32)
    guest.says("/forget")
    with caplog.at_level(logging.WARNING):
        assert guest.does(guest.view.buttons[0].intent, is_tap=True) is Word.FORGOTTEN
        await office.courier()._deliver(parcel, office.clock.now + timedelta(seconds=LEASE_S), ORDINARY)
    assert office.post.sent == []
    assert caplog.text == ""
    assert office.fates() == []


@on_sqlite
async def test_nothing_is_sent_when_nothing_is_due_and_nothing_is_new(office: Office) -> None:
    guest = office.joins()
    push_time(office)
    pack = office.room.packs[guest.learner.pack]
    known = Memory(90, 5, office.clock.now, 1, 1, first_right=True)
    learner = guest.learner
    with office.room.database.begin() as work:
        for concept, variants in pack.served.items():
            work.remember(learner.id, pack.id, concept, variants[0].place.domain.domain_id, known)
    assert await office.ticks() == []
    assert office.fates() == [("2026-11-23", "dropped", "empty")]


@on_postgres
async def test_two_couriers_send_each_push_once(office: Office, another: Database) -> None:
    for n in range(70):
        office.joins(str(n))
    push_time(office)
    await office.rounds.book()
    couriers: list[Courier] = [office.courier(), office.courier(another)]
    handled = await asyncio.gather(*(courier.drain() for courier in couriers))
    assert sorted(sent.chat for sent in office.post.sent) == sorted(f"chat-{n}" for n in range(70))
    assert sum(handled) == 70
    assert min(handled) > 0


@on_postgres
async def test_two_processes_book_each_push_once(office: Office, another: Database) -> None:
    for n in range(30):
        office.joins(str(n))
    push_time(office)
    with office.room.database.outbox() as one, another.outbox() as two:
        booked = len(one.due(office.clock.now, 20)) + len(two.due(office.clock.now, 20))
    assert booked == 30
    assert len(await office.ticks()) == 30


@on_sqlite
async def test_what_was_done_with_is_forgotten_after_a_month(office: Office) -> None:
    office.joins()
    push_time(office)
    await office.ticks()
    office.clock.waits(days=29)
    assert await office.rounds.sweep() == 0
    office.clock.waits(days=2)
    assert await office.rounds.sweep() == 1


@on_sqlite
async def test_the_rounds_run_by_themselves_until_they_are_stopped(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.rounds.EVERY_S", 0.01)
    office.joins()
    push_time(office)
    office.rounds.start()
    await asyncio.wait_for(office.post.arrived.wait(), 10)
    await office.rounds.stop()
    assert len(office.post.sent) == 1
