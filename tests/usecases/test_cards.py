"""Flashcards: front, back, what the learner says, the next card; and that nothing else counts them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.intent import Tap
from bot.chat.view import Replace, Show
from bot.domain.answer import Cause, Confidence
from bot.domain.ids import AskId, PackId
from bot.domain.item import Difficulty
from bot.domain.learner import Energy
from bot.domain.pack import Pack
from bot.store.database import Database
from bot.store.tables import ask, attempt, memory, metadata, session
from bot.tutor import Tutor
from bot.usecases.dated import Energized, Readied
from bot.usecases.outcome import (
    Asked,
    Day,
    Dealt,
    EmptyScope,
    Graded,
    HandPlayed,
    Hitch,
    Hitched,
    Locked,
    NoSuchScope,
    Offer,
    Outcome,
    Standings,
    Unclear,
)
from tests.domain.decks import decked
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room

MLS = PackId("mls-c01")


@pytest.fixture
def deck(room: Room) -> Pack:
    """Fifteen cards, nine of one domain, in the place of the shipped pack."""
    room.packs[MLS] = decked(streams=7, stores=2, training=6)
    return room.packs[MLS]


def card(outcome: Outcome | None) -> Dealt:
    assert isinstance(outcome, Dealt), outcome
    return outcome


def played(outcome: Outcome | None) -> HandPlayed:
    assert isinstance(outcome, HandPlayed), outcome
    return outcome


def says(guest: Guest, *, knew: bool) -> Outcome:
    """Turns the card on the table over and says whether it was known."""
    guest.taps(wants.Flip)
    return guest.taps(lambda intent: isinstance(intent, wants.Recall) and intent.knew is knew)


def rows(room: Room) -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds of asks, sessions, memories and attempts."""
    tables = (session, ask, memory, attempt)
    return {table.name: sorted(map(tuple, room.select(sa.select(table))), key=repr) for table in tables}


def test_a_card_is_turned_over_and_answered_and_the_next_takes_its_place(guest: Guest, deck: Pack) -> None:
    first = card(guest.says("/cards"))
    assert isinstance(guest.replies[0], Show)
    assert not first.is_turned
    assert first.entry.front in guest.view.text
    assert first.entry.back[0] not in guest.view.text
    assert [button.label for button in guest.view.buttons] == ["Show"]
    turned = card(guest.taps(wants.Flip))
    assert turned.is_turned
    assert first.entry.front in guest.view.text
    assert all(line in guest.view.text for line in first.entry.back)
    assert [button.label for button in guest.view.buttons] == ["Knew it", "Not yet"]
    second = card(guest.taps(wants.Recall))
    assert isinstance(guest.replies[0], Replace)
    assert (second.ask.number, second.is_turned) == (2, False)
    assert second.ask.item != first.ask.item
    assert "Card 2 of 10" in guest.view.text


def test_a_hand_ends_after_ten_different_cards_and_more_deals_the_others(guest: Guest, deck: Pack) -> None:
    outcome: Outcome = guest.says("/cards")
    seen = []
    for number in range(10):
        seen.append(card(outcome).ask.item)
        outcome = says(guest, knew=number % 4 != 0)
    assert len(set(seen)) == 10
    done = played(outcome)
    assert (done.known, done.cards, done.due_now) == (7, 10, 0)
    assert guest.view.text.startswith("7 of 10 known")
    more = card(guest.taps(wants.Cards))
    assert more.session.id != done.session.id
    assert more.ask.item not in seen


@on_sqlite
def test_a_small_scope_makes_a_short_hand(guest: Guest, deck: Pack) -> None:
    first = card(guest.says("/cards stores"))
    assert (first.session.size, first.session.scope) == (2, "stores")
    says(guest, knew=True)
    done = played(says(guest, knew=True))
    assert (done.known, done.cards) == (2, 2)
    assert "Every one" in guest.view.text
    again = card(guest.taps(wants.Cards))
    assert again.session.scope == "stores", "nothing is due or new, and still there is something to look at"


def test_showing_twice_shows_the_same_and_changes_nothing(guest: Guest, room: Room, deck: Pack) -> None:
    front = card(guest.says("/cards"))
    flip = wants.Flip(front.ask.id)
    turned = guest.does(flip, is_tap=True)
    kept = rows(room)
    room.clock.waits(minutes=5)
    assert guest.does(flip, is_tap=True) == turned
    assert rows(room) == kept


def test_a_second_answer_counts_for_nothing_and_shows_where_the_hand_stands(
    guest: Guest, room: Room, deck: Pack
) -> None:
    first = card(guest.says("/cards"))
    second = card(says(guest, knew=True))
    kept = rows(room)
    for intent in (
        wants.Recall(first.ask.id, knew=False),
        wants.Recall(first.ask.id, knew=True),
        wants.Flip(first.ask.id),
    ):
        outcome = guest.does(intent, is_tap=True)
        assert outcome == Hitched(Hitch.ANSWERED)
        assert isinstance(outcome, Hitched)
        assert outcome.stands == second
        assert [type(reply).__name__ for reply in guest.replies] == ["Replace", "Notice"]
        assert second.entry.front in guest.view.text
    assert rows(room) == kept


@on_sqlite
def test_the_summary_speaks_of_the_cards_that_were_asked_for(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/cards streams")
    says(guest, knew=False)
    room.clock.waits(hours=6)
    guest.says("/cards stores")
    says(guest, knew=True)
    done = played(says(guest, knew=True))
    assert done.due_now == 0, "the one that is due is of another topic"
    assert done.next_due == room.clock.now + timedelta(days=30)


@on_sqlite
def test_a_late_tap_after_the_last_card_shows_the_summary(guest: Guest, room: Room, deck: Pack) -> None:
    first = card(guest.says("/cards stores"))
    says(guest, knew=True)
    says(guest, knew=False)
    outcome = guest.does(wants.Recall(first.ask.id, knew=False), is_tap=True)
    assert isinstance(outcome, Hitched)
    assert played(outcome.stands).known == 1
    assert guest.view.text.startswith("1 of 2 known")


def test_the_state_decides_and_not_the_button(guest: Guest, room: Room, deck: Pack) -> None:
    front = card(guest.says("/cards"))
    forged: dict[Tap, Hitch] = {
        wants.Recall(front.ask.id, knew=True): Hitch.BEHIND,  # its back was not shown
        wants.Recall(AskId(front.ask.id + 999), knew=True): Hitch.GONE,
        wants.Flip(AskId(front.ask.id + 999)): Hitch.GONE,
        wants.Pick(front.ask.id, 0): Hitch.GONE,  # a card is no question
        wants.Mark(front.ask.id, 0, on=True): Hitch.GONE,
        wants.Submit(front.ask.id): Hitch.GONE,
        wants.Rate(front.ask.id, Confidence.SURE): Hitch.GONE,
        wants.Blame(front.ask.id, Cause.RUSHED): Hitch.GONE,
        wants.Next(front.ask.id): Hitch.GONE,
    }
    kept = rows(room)
    for intent, hitch in forged.items():
        assert guest.does(intent, is_tap=True) == Hitched(hitch), intent
    assert rows(room) == kept
    stranger = room.person("2")
    stranger.says("/cards")
    kept = rows(room)
    assert stranger.does(wants.Flip(front.ask.id), is_tap=True) == Hitched(Hitch.NOT_YOURS)
    assert stranger.does(wants.Recall(front.ask.id, knew=True), is_tap=True) == Hitched(Hitch.NOT_YOURS)
    assert rows(room) == kept


@on_sqlite
def test_a_question_is_no_card(guest: Guest, room: Room, deck: Pack) -> None:
    question = guest.says("/quiz")
    assert isinstance(question, Asked)
    kept = rows(room)
    assert guest.does(wants.Flip(question.posed.ask.id), is_tap=True) == Hitched(Hitch.GONE)
    assert guest.does(wants.Recall(question.posed.ask.id, knew=True), is_tap=True) == Hitched(Hitch.GONE)
    assert rows(room) == kept


def test_the_same_event_twice_is_one_hand_where_it_stands(guest: Guest, room: Room, deck: Pack) -> None:
    first = card(guest.says("/cards", key="once"))
    assert guest.says("/cards", key="once") == first
    turned = guest.taps(wants.Flip)
    assert guest.says("/cards", key="once") == turned
    guest.taps(wants.Recall)
    kept = rows(room)
    assert card(guest.says("/cards", key="once")).ask.number == 2
    assert rows(room) == kept


def test_many_taps_at_the_same_moment_count_once(guest: Guest, room: Room, deck: Pack) -> None:
    front = card(guest.says("/cards"))
    guest.taps(wants.Flip)
    others = [replace(guest) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        taps = [wants.Recall(front.ask.id, knew=bool(number % 2)) for number in range(6)]
        list(pool.map(lambda one, tap: one.does(tap, is_tap=True), others, taps))
    assert [seen for (seen,) in room.select(sa.select(memory.c.seen))] == [1]
    assert len(room.select(sa.select(ask.c.id))) == 2


def test_a_hand_goes_on_after_a_restart(guest: Guest, room: Room, deck: Pack, another: Database) -> None:
    front = card(guest.says("/cards"))
    guest.taps(wants.Flip)
    room.database = another
    room.tutor = Tutor(another, {MLS: decked(streams=7, stores=2, training=6)}, *_world(room))
    second = card(guest.taps(wants.Recall))
    assert second.session == front.session
    assert second.ask.number == 2
    assert card(guest.taps(wants.Flip)).is_turned


def _world(room: Room) -> Any:
    return room.tutor._atlas, room.clock, room.tutor._rng


def test_what_was_not_known_comes_back_first_and_what_was_known_stays_away(
    guest: Guest, room: Room, deck: Pack
) -> None:
    missed = card(guest.says("/cards")).ask.item
    says(guest, knew=False)
    known = card(guest.outcome).ask.item
    says(guest, knew=True)
    room.clock.waits(hours=1)
    assert card(guest.says("/cards")).ask.item not in (missed, known), "not due yet, and there are new ones"
    room.clock.waits(hours=5)
    again = card(guest.says("/cards"))
    assert again.ask.item == missed
    says(guest, knew=True)
    room.clock.waits(days=29)
    first_of_all = [card(guest.says("/cards")).ask.item for _ in range(2)]
    assert first_of_all == [missed, missed]
    room.clock.waits(days=2)
    says(guest, knew=True)
    assert card(guest.says("/cards")).ask.item == known


def test_cards_count_in_no_statistic_of_questions(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/cards")
    for _ in range(10):
        says(guest, knew=True)
    assert room.attempts() == []
    day, standings, ready = guest.says("/today"), guest.says("/progress"), guest.says("/ready")
    assert isinstance(day, Day)
    assert (day.done, day.due, day.new) == (0, 0, len(deck.served))
    assert isinstance(standings, Standings)
    assert (standings.answers, sum(standings.met.values()), standings.due) == ({}, 0, 0)
    assert isinstance(ready, Readied)
    assert not any(check.is_ticked for check in ready.checks)
    learner = guest.learner
    with room.database.begin() as work:
        assert work.met(learner.id, learner.pack) == {}
        assert work.activity(learner.id, room.clock.now - timedelta(days=1)).last_answer_at is None


def test_who_has_only_seen_cards_still_begins_with_a_warm_up(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/cards")
    says(guest, knew=True)
    asked = guest.says("/quiz")
    assert isinstance(asked, Asked)
    assert asked.posed.item.difficulty is Difficulty.EASY


@on_sqlite
def test_a_letter_typed_at_a_card_is_no_answer_to_an_older_question(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/quiz")
    card(guest.says("/cards"))
    kept = rows(room)
    assert isinstance(guest.says("b"), Unclear)
    assert rows(room) == kept


def test_an_answer_left_without_saying_how_sure_is_graded_before_cards(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/quiz")
    guest.answers(confidence=None)
    assert room.attempts() == []
    card(guest.says("/cards"))
    assert len(room.attempts()) == 1


@on_sqlite
def test_a_card_that_left_the_pack_is_gone_and_the_deck_is_not(guest: Guest, room: Room, deck: Pack) -> None:
    front = card(guest.says("/cards streams", key="once"))
    room.packs[MLS] = replace(deck, cards=tuple(one for one in deck.cards if one.id != front.ask.item))
    assert guest.taps(wants.Flip) == Hitched(Hitch.GONE)
    assert card(guest.says("/cards streams", key="once")).ask.item != front.ask.item


@on_sqlite
def test_a_reworded_card_is_shown_as_it_is_now(guest: Guest, room: Room, deck: Pack) -> None:
    front = card(guest.says("/cards"))
    new = tuple(one.model_copy(update={"answer": "Something else."}) for one in deck.cards)
    room.packs[MLS] = replace(deck, cards=new)
    turned = card(guest.taps(wants.Flip))
    assert turned.ask.item == front.ask.item
    assert "Something else." in guest.view.text


@on_sqlite
@pytest.mark.parametrize(
    ("words", "scope"),
    [("", ""), ("streams", "streams"), ("Stores", "stores"), ("data", "data"), ("2.1", "2.1"), ("all", "")],
)
def test_a_scope_is_named_as_for_questions(guest: Guest, deck: Pack, words: str, scope: str) -> None:
    dealt = card(guest.says(f"/cards {words}"))
    assert dealt.session.scope == scope
    assert not scope or scope in (dealt.entry.place.domain.id, dealt.entry.place.task.id, dealt.entry.place.topic.id)


@on_sqlite
def test_an_unknown_scope_offers_the_nearest_as_cards(guest: Guest, deck: Pack) -> None:
    outcome = guest.says("/cards streems")
    assert isinstance(outcome, NoSuchScope)
    assert outcome.offer is Offer.CARDS
    assert card(guest.taps(wants.Cards("streams"))).session.scope == "streams"
    nowhere = guest.says("/cards zzzzzz")
    assert isinstance(nowhere, NoSuchScope)
    assert "/cards alone" in guest.view.text


@on_sqlite
def test_a_topic_or_a_pack_without_cards_says_so(guest: Guest, room: Room) -> None:
    room.packs[MLS] = decked(streams=1)
    assert guest.says("/cards training") == EmptyScope("training", Offer.CARDS)
    card(guest.taps(wants.Cards))
    room.packs[MLS] = decked()
    assert guest.says("/cards") == EmptyScope("", Offer.CARDS)
    assert isinstance(guest.taps(wants.Practice), Asked)


@on_sqlite
def test_little_energy_leads_to_cards(guest: Guest, room: Room, deck: Pack) -> None:
    outcome = guest.says("/energy low")
    assert isinstance(outcome, Energized)
    assert outcome.has_cards
    primary = next(button for button in guest.view.buttons if button.primary)
    assert primary.intent == wants.Cards()
    card(guest.taps(wants.Cards))
    room.packs[MLS] = decked()
    outcome = guest.does(wants.Energize(Energy.LOW))
    assert isinstance(outcome, Energized)
    assert not outcome.has_cards


@on_sqlite
def test_cards_and_questions_go_on_side_by_side(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/quiz")
    question = guest.view
    guest.says("/cards")
    cards = guest.view
    guest.view = question
    assert isinstance(guest.taps(wants.Pick), Locked)
    assert isinstance(guest.taps(wants.Rate), Graded)
    guest.view = cards
    assert card(says(guest, knew=True)).ask.number == 2


def test_forget_deletes_what_cards_left(guest: Guest, room: Room, deck: Pack) -> None:
    guest.says("/cards")
    says(guest, knew=True)
    guest.does(wants.Erase(), is_tap=True)
    left = {
        table.name: room.select(sa.select(sa.func.count()).select_from(table))[0][0] for table in metadata.sorted_tables
    }
    assert not any(left.values()), left


@on_sqlite
def test_the_whole_shipped_deck_is_dealt_in_the_end(guest: Guest, room: Room) -> None:
    shipped = room.packs[MLS].deck
    seen: set[str] = set()
    for _ in range(-(-len(shipped) // 10)):
        outcome = guest.says("/cards")
        while isinstance(outcome, Dealt):
            seen.add(outcome.ask.item)
            outcome = says(guest, knew=True)
    assert seen == set(shipped)
