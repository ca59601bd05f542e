"""What every store promises to a turn: bot.ports.Work."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from bot.chat.incoming import Place
from bot.domain.answer import Cause
from bot.domain.battle import Kind, Phase, Rules
from bot.domain.booking import Room, When
from bot.domain.bulletin import What
from bot.domain.deck import DECK
from bot.domain.ids import AskId, CardId, ConceptId, DomainId, ItemId, LearnerId, PackId
from bot.domain.learner import Field, Learner
from bot.domain.practice import AskState, SessionKind
from bot.domain.selection import Seen, Standing
from bot.ports import RoomChoice, Tally
from bot.store import tables
from bot.store.database import Database
from bot.store.tables import metadata
from tests.store.engines import on_postgres
from tests.store.fights import ROOM, answers, battle, edit, hall, played, player, post
from tests.store.fights import opened as battle_opened
from tests.store.samples import (
    CONCEPT,
    DOMAIN,
    NOW,
    PACK,
    attempt,
    enrolled,
    memory,
    new_ask,
    opened,
    person,
    posed,
    push,
)


def test_an_account_that_is_unknown_has_no_learner(database: Database) -> None:
    with database.begin() as work:
        assert work.learner_of(person()) is None
        assert work.learner(LearnerId(1)) is None


def test_a_learner_is_found_by_account_and_by_id(database: Database) -> None:
    made = enrolled(database)
    assert made == Learner(made.id, PACK, "en", pushes_on=False)
    with database.begin() as work:
        assert work.learner_of(person()) == made
        assert work.learner(made.id) == made
        assert work.learner_of(person(platform="discord")) is None


def test_an_account_is_enrolled_once(database: Database) -> None:
    made = enrolled(database)
    assert enrolled(database) == made
    with database.begin() as work:
        assert work.learner(LearnerId(made.id + 1)) is None


def test_every_choice_is_kept(database: Database) -> None:
    made = replace(
        enrolled(database),
        locale="pt-BR",
        zone="America/Argentina/ComodRivadavia",
        push_time=time(0, 0),
        minutes=300,
        quiet=(time(23, 59), time(6, 1)),
        pushes_on=True,
        confidence_on=False,
        step=Field.PUSH_TIME,
        awaits=Field.QUIET,
    )
    with database.begin() as work:
        work.save(made)
    with database.begin() as work:
        assert work.learner_of(person()) == made
        work.save(replace(made, step=None, awaits=None))
    with database.begin() as work:
        assert work.learner_of(person()) == replace(made, step=None, awaits=None)


def test_what_a_failed_turn_wrote_is_undone(database: Database) -> None:
    made = enrolled(database)

    def fail() -> None:
        with database.begin() as work:
            work.save(replace(made, minutes=99))
            opened(work, made)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.begin() as work:
        assert work.learner_of(person()) == made
        assert work.open_session(made, SessionKind.QUIZ, "", 10, "key", NOW)[1]


def test_pushes_go_where_the_person_last_wrote_in_private(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        work.remind_at(made.id, NOW)
        work.found_at(person(), Place("group", is_private=False))
    with database.outbox() as outbox:
        assert [one.chat for one in outbox.due(NOW, 10)] == ["chat-1"]
        outbox.unreachable("telegram", "chat-1")
    with database.outbox() as outbox:
        assert [one.chat for one in outbox.due(NOW, 10)] == [None]
    with database.begin() as work:
        work.found_at(person(), Place("elsewhere"))
    with database.outbox() as outbox:
        assert [(one.platform, one.chat) for one in outbox.due(NOW, 10)] == [("telegram", "elsewhere")]


def test_the_same_event_opens_one_session(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        first, is_new = work.open_session(made, SessionKind.REVIEW, "modeling", 7, "key", NOW)
        assert is_new
    with database.begin() as work:
        again, is_new = work.open_session(made, SessionKind.QUIZ, "", 3, "key", NOW + timedelta(hours=1))
        assert not is_new
        assert again == first
        assert work.open_session(made, SessionKind.QUIZ, "", 3, "other", NOW)[0] != first


def test_an_ask_comes_back_as_it_was_posed(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        session = opened(work, made)
        ask = work.pose(new_ask(made, session))
        assert ask is not None
    with database.begin() as work:
        assert work.find_ask(ask.id) == (ask, session)
        assert work.last_ask(made.id) == (ask, session)
        assert work.last_ask(made.id, session.id) == (ask, session)
        assert work.find_ask(AskId(ask.id + 1)) is None
        assert work.last_ask(LearnerId(made.id + 1)) is None
    assert (ask.order, ask.marked, ask.state, ask.picked_at) == ((2, 0, 3, 1), frozenset(), AskState.OPEN, None)


def test_an_ask_has_one_follower(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        first = posed(work, made)
        session = opened(work, made)
        second = work.pose(new_ask(made, session, follows=first.id))
        assert second is not None
    with database.begin() as work:
        assert work.pose(new_ask(made, session, follows=first.id)) is None
        assert work.last_ask(made.id) == (second, session)
        assert work.pose(new_ask(made, session)) is not None  # any number may follow none


def test_a_change_of_an_ask_keeps_the_moment_of_its_pick(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        ask = work.change(posed(work, made), AskState.OPEN, frozenset({2}))
        assert (ask.marked, ask.picked_at) == (frozenset({2}), None)
        assert work.unsettled(made.id) == []
    with database.begin() as work:
        picked = work.change(ask, AskState.PICKED, frozenset({2, 0}), NOW)
        assert [one for one, _ in work.unsettled(made.id)] == [picked]
        closed = work.change(picked, AskState.CLOSED, picked.marked)
    with database.begin() as work:
        found = work.find_ask(ask.id)
        assert found is not None
        assert found[0] == closed
        assert (closed.picked_at, closed.marked) == (NOW, frozenset({0, 2}))
        assert work.unsettled(made.id) == []


def test_unsettled_asks_come_oldest_first_and_only_the_learners_own(database: Database) -> None:
    one, two = enrolled(database), enrolled(database, "2")
    with database.begin() as work:
        mine = [work.change(posed(work, one, key=f"k{n}"), AskState.PICKED, frozenset({1}), NOW) for n in range(3)]
        work.change(posed(work, two, key="theirs"), AskState.PICKED, frozenset({1}), NOW)
    with database.begin() as work:
        assert [ask for ask, _ in work.unsettled(one.id)] == mine


def test_an_ask_has_one_attempt(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        ask = posed(work, made)
        assert work.attempt(ask.id) is None
        assert work.record(attempt(ask))
    with database.begin() as work:
        assert not work.record(attempt(ask, is_right=False, at=NOW + timedelta(hours=1)))
        assert work.attempt(ask.id) == attempt(ask)
        work.blame(ask.id, Cause.RUSHED)
        work.blame(ask.id, Cause.FACTUAL)
    with database.begin() as work:
        assert work.attempt(ask.id) == replace(attempt(ask), cause=Cause.FACTUAL)


def test_the_memory_of_a_concept_is_replaced(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        assert work.memory(made.id, PACK, CONCEPT) is None
        work.remember(made.id, PACK, CONCEPT, DOMAIN, memory())
        assert work.memory(made.id, PACK, CONCEPT) == memory()
        later = replace(memory(), stability=1 / 3, reviewed_at=NOW + timedelta(days=1), seen=2)
        work.remember(made.id, PACK, CONCEPT, DOMAIN, later)
    with database.begin() as work:
        assert work.memory(made.id, PACK, CONCEPT) == later
        assert work.met(made.id, PACK) == {CONCEPT: Standing(later.due_at, 2, 1, later.reviewed_at, is_missed=False)}
        assert work.met(LearnerId(made.id + 1), PACK) == {}


def test_memories_of_cards_are_kept_apart_from_those_of_concepts(database: Database) -> None:
    made = enrolled(database)
    card, forgotten = ConceptId("card-queue"), replace(memory(right=False), last_right=False)
    with database.begin() as work:
        work.remember(made.id, PACK, CONCEPT, DOMAIN, memory())
        work.remember(made.id, PACK, card, DECK, forgotten)
    with database.begin() as work:
        assert set(work.met(made.id, PACK)) == {CONCEPT}
        standing = Standing(memory().due_at, 1, 0, NOW, is_missed=True)
        assert work.cards(made.id, PACK) == {CardId("card-queue"): standing}
        assert work.memory(made.id, PACK, card) == forgotten
        assert work.first_answers(made.id, PACK, DOMAIN) == Tally(1, 1)
        assert work.cards(made.id, PackId("other")) == {}
        assert work.cards(LearnerId(made.id + 1), PACK) == {}


def test_the_asks_of_a_session_come_in_order_and_one_may_have_no_options(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        session = opened(work, made, kind=SessionKind.CARDS)
        assert work.asks(session.id) == []
        first = work.pose(replace(new_ask(made, session, item="card-b"), order=(), version=""))
        assert first is not None
        first = work.change(first, AskState.CLOSED, frozenset({0, 1}))
        second = work.pose(replace(new_ask(made, session, item="card-a", follows=first.id), order=()))
        posed(work, made, key="another session")
    with database.begin() as work:
        assert work.asks(session.id) == [first, second]


def test_first_answers_are_counted_by_domain(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        assert work.first_answers(made.id, PACK, DOMAIN) == Tally(0, 0)
        for name, right, domain in (("a", True, DOMAIN), ("b", False, DOMAIN), ("c", True, DomainId("other"))):
            work.remember(made.id, PACK, ConceptId(name), domain, memory(right=right))
        assert work.first_answers(made.id, PACK, DOMAIN) == Tally(2, 1)


def test_what_was_seen_is_counted_by_item(database: Database) -> None:
    made, other = enrolled(database), enrolled(database, "2")
    with database.begin() as work:
        posed(work, made, key="1", item="x")
        posed(work, made, key="2", item="x")
        posed(work, other, key="3", item="y")
        items = [ItemId("x"), ItemId("y"), ItemId("z")]
        assert work.seen(made.id, items) == {ItemId("x"): Seen(2, NOW)}
        assert work.seen(made.id, []) == {}


def test_an_exercise_is_seen_whatever_its_numbers_were(database: Database) -> None:
    made, other = enrolled(database), enrolled(database, "2")
    with database.begin() as work:
        for number, item in enumerate(("sum~1", "sum~zz", "sum", "sums~1", "su~1")):
            posed(work, made, key=str(number), item=item)
        posed(work, other, key="9", item="sum~3")
        items = [ItemId("sum~0"), ItemId("sum"), ItemId("product~0")]
        assert work.seen(made.id, items) == {ItemId("sum~0"): Seen(2, NOW), ItemId("sum"): Seen(1, NOW)}


def test_answers_are_counted_by_session_by_domain_and_by_time(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        session = opened(work, made)
        assert work.tally(session.id) == Tally(0, 0)
        assert work.tallies(made.id, PACK) == {}
        for n, right in enumerate((True, False, True)):
            ask = work.pose(new_ask(made, session))
            assert ask is not None
            domain = DomainId("other") if n == 2 else DOMAIN
            work.record(attempt(ask, is_right=right, at=NOW + timedelta(hours=n), domain=domain))
        assert work.tally(session.id) == Tally(3, 2)
        assert work.tallies(made.id, PACK) == {DOMAIN: Tally(2, 1), DomainId("other"): Tally(1, 1)}
        assert work.answered_since(made.id, NOW + timedelta(hours=1)) == 2
        assert work.answered_since(made.id, NOW + timedelta(hours=3)) == 0


def test_a_reminder_is_set_moved_and_cleared(database: Database) -> None:
    made = enrolled(database)
    for at in (NOW + timedelta(hours=1), NOW):
        with database.begin() as work:
            work.remind_at(made.id, at)
    with database.outbox() as outbox:
        assert [one.at for one in outbox.due(NOW + timedelta(days=1), 10)] == [NOW]
    with database.begin() as work:
        work.remind_at(made.id, None)
        work.remind_at(made.id, None)
    with database.outbox() as outbox:
        assert outbox.due(NOW + timedelta(days=1), 10) == []


def test_the_last_booked_day_and_what_was_ignored(database: Database) -> None:
    made = enrolled(database)
    with database.begin() as work:
        assert work.reminded_on(made.id) is None
        quiet = work.activity(made.id, NOW)
        assert (quiet.last_answer_at, quiet.answers_today, quiet.ignored, quiet.last_push_at) == (None, 0, 0, None)
    with database.outbox() as outbox:
        days = [push(made.id, f"2026-11-{day}", at=NOW + timedelta(days=day)) for day in (24, 25, 26)]
        outbox.book(days, {})
        for parcel in outbox.claim(["telegram"], NOW + timedelta(days=30), 30, 10)[:2]:
            outbox.delivered(parcel, "m", parcel.push.due_at + timedelta(seconds=1))
    with database.begin() as work:
        assert work.reminded_on(made.id) == date(2026, 11, 26)  # booked is enough
        seen = work.activity(made.id, NOW)
        assert (seen.ignored, seen.last_push_at) == (2, NOW + timedelta(days=25, seconds=1))
        work.record(attempt(posed(work, made), at=NOW + timedelta(days=24, hours=1)))
    with database.begin() as work:
        seen = work.activity(made.id, NOW + timedelta(days=24))
        assert (seen.ignored, seen.answers_today, seen.last_answer_at) == (1, 1, NOW + timedelta(days=24, hours=1))


# What is left when one of two was forgotten: the other one's, and what is the group's.
LEFT = {"battle": 4, "hall": 3, "outbox": 5, "player": 3, "room": 2, "round": 4, "strike": 3}


def fight(database: Database, *people: Learner) -> None:
    """A battle of the group hosted by each of these people, with all in it, and a replay in private of each."""
    for one in people:
        fought = played(database, f"group-{one.id}", *map(player, people), new=battle(one.id), rounds=1)
        private = Room("telegram", f"chat-{one.id}")
        replay = battle(one.id, [hall(room=private)], kind=Kind.GHOST, ghost=fought.id)
        alone = played(database, f"replay-{one.id}", player(one), new=replay, rounds=1)
        with database.begin() as work:
            for each in people:
                answers(work, fought.id, each, True)
            answers(work, alone.id, one, False)
            work.post(post(fought))
            work.post(post(alone, What.ROUND, 1))
            work.refresh(edit(alone, What.ROUND, 1), NOW, 0)
            work.keep_room_choice(RoomChoice(ROOM, Rules(), PACK, "en", ROOM.chat))
            work.keep_room_choice(RoomChoice(private, Rules(), PACK, "en", private.chat))


def test_forgetting_leaves_no_row_with_the_learners_id_or_chat(database: Database) -> None:
    made, other = enrolled(database), enrolled(database, "2")
    fight(database, made, other)
    for one in (made, other):
        with database.begin() as work:
            ask = posed(work, one, key=f"key-{one.id}")
            work.record(attempt(ask))
            work.remember(one.id, PACK, CONCEPT, DOMAIN, memory())
            work.remind_at(one.id, NOW)
            work.book(one.id, PACK, When(date(2026, 12, 15), time(9, 30), "Europe/Berlin"), NOW)
            work.tick(one.id, "ready:routine", NOW)
            work.seat(one.id, Room("telegram", "-100"), f"chat-{one.id}")
        with database.outbox() as outbox:
            outbox.book([push(one.id)], {})
            outbox.reserve(f"telegram:chat-{one.id}", NOW, 1)
    with database.engine.connect() as connection:
        filled = [table.name for table in metadata.sorted_tables if connection.execute(sa.select(table)).first()]
    assert filled == [table.name for table in metadata.sorted_tables]  # else this test proves less than it says
    with database.begin() as work:
        work.forget(made.id)
    with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(sa.select(table)).all()
            assert len(rows) == LEFT.get(table.name, 1), table.name
            assert str(made.id) not in {str(row._mapping.get("learner_id", "")) for row in rows}
            assert f"chat-{made.id}" not in str(rows)
        hosts = connection.execute(sa.select(tables.battle.c.host).order_by(tables.battle.c.id)).scalars().all()
        assert hosts == [0, 0, other.id, other.id]
    with database.begin() as work:
        assert work.learner_of(person()) is None
        assert work.learner(other.id) == other


def test_a_battle_whose_host_was_forgotten_goes_on(database: Database) -> None:
    host, other = enrolled(database), enrolled(database, "2")
    made = battle_opened(database, new=battle(host.id))
    with database.begin() as work:
        work.keep_players(made.id, [player(host), player(other)])
    with database.begin() as work:
        work.forget(host.id)
    with database.begin() as work:
        assert work.battle(made.id) == replace(made, host=LearnerId(0))
        assert work.battle_in(ROOM) == made.id
        assert work.players(made.id) == [player(other)]
        assert work.opened_since(host.id, NOW) == 0


def test_a_replay_whose_player_was_forgotten_has_no_room_left(database: Database) -> None:
    made = enrolled(database)
    private = Room("telegram", "chat-1")
    replay = battle_opened(database, new=battle(made.id, [hall(room=private)], kind=Kind.GHOST, phase=Phase.OPEN))
    with database.begin() as work:
        work.forget(made.id)
    with database.begin() as work:
        assert work.battle(replay.id) == replace(replay, host=LearnerId(0), halls=())
        assert work.battle_in(private) is None


@on_postgres
def test_somebody_is_forgotten_while_delivery_is_about_their_chat(database: Database, another: Database) -> None:
    """Both write to the account, the messages and the hall of a private chat: in another order they could lock."""
    for number in range(12):
        made = enrolled(database, f"{number}")
        chat = f"chat-{number}"
        replay = battle_opened(database, f"key-{number}", battle(made.id, [hall(room=Room("telegram", chat))]))
        with database.begin() as work:
            work.post(post(replay))
        together = Barrier(2, timeout=10)

        def forget(who: LearnerId = made.id, together: Barrier = together) -> None:
            together.wait()
            with database.begin() as work:
                work.learner(who)
                work.forget(who)

        def deliver(chat: str = chat, together: Barrier = together, number: int = number) -> None:
            together.wait()
            with another.outbox() as outbox:
                if number % 2:
                    outbox.moved("telegram", chat, f"{chat}-new")
                else:
                    outbox.unreachable("telegram", chat)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(forget), pool.submit(deliver)]:
                done.result(20)
    with database.engine.connect() as connection:
        for table in (tables.account, tables.hall, tables.outbox):
            assert connection.execute(sa.select(table)).all() == []


@pytest.mark.parametrize(
    "at",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, 0, 1, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(2126, 7, 1, 12, 0, 0, 654321, tzinfo=UTC),
        datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_to_the_microsecond(database: Database, at: datetime) -> None:
    made = enrolled(database)
    with database.begin() as work:
        work.remind_at(made.id, at)
    with database.outbox() as outbox:
        (found,) = outbox.due(at, 1)
        assert found.at == at
        assert found.at.tzinfo is UTC


@pytest.mark.parametrize("at", [time(0, 0), time(8, 5), time(23, 59)])
def test_a_wall_clock_time_comes_back(database: Database, at: time) -> None:
    made = replace(enrolled(database), push_time=at, quiet=(at, at))
    with database.begin() as work:
        work.save(made)
        assert work.learner(made.id) == made


@pytest.mark.parametrize("order", [(), (0,), (9, 0, 1), tuple(range(10))])
def test_indices_come_back_in_order(database: Database, order: tuple[int, ...]) -> None:
    made = enrolled(database)
    with database.begin() as work:
        ask = work.pose(replace(new_ask(made, opened(work, made)), order=order))
        assert ask is not None
        found = work.find_ask(ask.id)
        assert found is not None
        assert found[0].order == order
