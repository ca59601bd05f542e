"""Today, progress, and what a menu or a half-typed word is completed with."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.commands import COMMANDS, Suggest
from bot.domain.learner import Field
from bot.store.tables import learner
from bot.usecases.outcome import Asked, Day, Finished, Standings
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room


def day(guest: Guest) -> Day:
    outcome = guest.says("/today")
    assert isinstance(outcome, Day)
    return outcome


def test_today_counts_what_was_done_since_the_learners_own_midnight(guest: Guest, room: Room) -> None:
    guest.does(wants.Choose(Field.ZONE, "Asia/Tokyo"), is_tap=True)
    room.clock.now = datetime(2026, 11, 23, 14, 50, tzinfo=UTC)  # 23:50 in Tokyo
    fresh = day(guest)
    assert (fresh.done, fresh.due, fresh.new) == (0, 0, len(room.packs[guest.learner.pack].served))
    guest.says("/quiz 2")
    guest.answers()
    assert day(guest).done == 1
    assert day(guest).new == fresh.new - 1
    room.clock.waits(minutes=11)
    assert day(guest).done == 0
    guest.says("/quiz 2")
    guest.answers(confidence=None)
    assert day(guest).done == 1  # an answer left without saying how sure counts too


@on_sqlite
def test_today_leads_to_as_many_questions_as_are_left(guest: Guest) -> None:
    guest.does(wants.Choose(Field.MINUTES, "5"), is_tap=True)  # four questions
    assert day(guest).goal == 4
    outcome = guest.taps(wants.Practice)
    assert isinstance(outcome, Asked)
    assert outcome.posed.session.size == 4
    for _ in range(4):
        guest.answers()
        outcome = guest.taps(wants.Next)
    assert isinstance(outcome, Finished)
    done = day(guest)
    assert done.done == done.goal


def test_progress_counts_answers_and_concepts_by_domain(guest: Guest, room: Room) -> None:
    pack = room.packs[next(iter(room.packs))]
    outcome = guest.says("/progress")
    assert isinstance(outcome, Standings)
    assert outcome.answers == {}
    assert sum(outcome.concepts.values()) == len(pack.served)
    guest.says("/quiz modeling 2")
    guest.answers()
    guest.taps(wants.Next)
    guest.answers(right=False)
    outcome = guest.says("/progress")
    assert isinstance(outcome, Standings)
    ((domain, tally),) = outcome.answers.items()
    assert (domain, tally.answers, tally.right) == ("modeling", 2, 1)
    assert outcome.met == {"modeling": 2}
    room.clock.waits(days=60)
    outcome = guest.says("/progress")
    assert isinstance(outcome, Standings)
    assert outcome.due == 2


@on_sqlite
def test_suggestions_complete_domains_and_topics(guest: Guest, room: Room) -> None:
    pack = room.packs[next(iter(room.packs))]
    suggest = room.tutor.suggest
    assert [scope for _, scope in suggest(guest.who, Suggest.DOMAIN, "")] == [d.id for d in pack.outline.domains]
    assert suggest(guest.who, Suggest.TOPIC, "kinesis")[0][1] == "kinesis-family"
    assert len(suggest(guest.who, Suggest.TOPIC, "")) == 25
    assert suggest(guest.who, Suggest.DOMAIN, "zzzz") == []
    assert room.select(sa.select(learner.c.id)) == []  # looking something up enrolls nobody


@on_sqlite
def test_the_menu_names_every_command(room: Room) -> None:
    assert [entry.name for entry in room.tutor.menu("de")] == [command.name for command in COMMANDS]
    assert all(entry.about for entry in room.tutor.menu("en"))


@on_sqlite
def test_sorry_is_said_in_a_line(room: Room) -> None:
    assert 0 < len(room.tutor.sorry("xx-YY").text) <= 200
