"""A group's calendar: who asked to be in it, nobody else, and a cheer on the day."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.chat.incoming import Incoming, Person, Place
from bot.chat.intent import Intent
from bot.chat.view import Notice, Reply, Show, View
from bot.domain.ids import PackId
from bot.domain.learner import Field
from bot.domain.pack import Pack
from bot.domain.remind import Unwelcome
from bot.store.tables import learner, roster
from bot.usecases.dated import CalendarShown, Cheer
from bot.usecases.gather import LONGEST_NAME, NAMELESS, called
from bot.usecases.outcome import Picker, Word
from tests.store.engines import on_sqlite
from tests.usecases.postman import Letter, Postman, names, wall
from tests.usecases.room import Guest, Room
from tests.usecases.test_booking import books

ON, OFF = wants.ShowMe(on=True), wants.ShowMe(on=False)
CHAT = "-100"


@pytest.fixture
def postman(room: Room) -> Postman:
    return Postman(room)


@dataclass
class Member:
    """Somebody in a group of one of the platforms."""

    room: Room
    account: str = "1"
    name: str = "Anna"
    chat: str = CHAT
    platform: str = "telegram"

    def does(self, intent: Intent, *, is_tap: bool = True) -> list[Reply]:
        """Brings an event from the group, as the platform's adapter does."""
        self.room.clock.waits(seconds=6)  # the pace of a group
        is_telegram = self.platform == "telegram"
        place = (
            Place(self.chat, is_private=False, room=self.chat) if is_telegram else Place(self.account, room=self.chat)
        )
        who = Person(self.platform, self.account)
        return self.room.tutor.handle(Incoming(self.room.key(), who, place, "en", intent, is_tap, self.name))

    def sees(self) -> str:
        """The calendar as the group sees it."""
        (reply,) = self.does(wants.Calendar(), is_tap=False)
        assert isinstance(reply, Show)
        assert reply.is_public
        return reply.view.text


def candidate(room: Room, account: str = "1", when: str = "15 December 9:30 Berlin") -> Guest:
    guest = room.person(account)
    guest.says("/help")
    guest.does(wants.Choose(Field.ZONE, "Europe/Berlin"), is_tap=True)
    books(guest, when)
    return guest


def seats(room: Room) -> list[tuple[str, str, str]]:
    columns = (roster.c.platform, roster.c.chat, roster.c.name)
    return [tuple(row) for row in room.select(sa.select(*columns).order_by(roster.c.chat, roster.c.learner_id))]


def cheers(room: Room, letters: list[Letter]) -> list[tuple[str, str]]:
    """Chat and name of every cheer, whose words hold both name and exam."""
    said = [one for one in room.outcomes if isinstance(one, Cheer)]
    heard = [one for one in letters if one.what == "cheer"]
    for cheer, letter in zip(said, heard, strict=True):
        for word in (cheer.name, "MLS-C01", "9:30", "Europe/Berlin"):
            assert word in letter.view.text
    return [(letter.push.chat, cheer.name) for cheer, letter in zip(said, heard, strict=True)]


@pytest.mark.parametrize(("platform", "chat"), [("telegram", "-100"), ("discord", "c123")])
def test_who_taps_is_in_it_until_they_tap_again(room: Room, platform: str, chat: str) -> None:
    anna = Member(room, "1", "Anna", chat, platform)
    guest = Guest(room, Person(platform, "1"), Place("1"), "en")
    guest.says("/help")
    books(guest)
    assert "MLS-C01" not in anna.sees()
    for _ in range(2):
        anna.does(ON)
        assert "Tue, Dec 15, 9:30 · MLS-C01 · Anna" in anna.sees()
    assert seats(room) == [(platform, chat, "Anna")]
    for _ in range(2):
        anna.does(OFF)
        assert "MLS-C01" not in anna.sees()
    assert seats(room) == []


def test_nothing_is_shown_of_whoever_did_not_ask_for_it(room: Room) -> None:
    candidate(room, "1")
    candidate(room, "2", "16 December 10:00 Berlin")
    candidate(room, "3", "17 December 11:00 Berlin")
    Member(room, "1", "Anna").does(ON)
    Member(room, "3", "Carla", "-200").does(ON)
    assert "Tue, Dec 15, 9:30 · MLS-C01 · Anna" in Member(room, "2", "Ben").sees().splitlines()
    for hidden in ("Ben", "Carla", "Dec 16", "Dec 17"):
        assert hidden not in Member(room, "2", "Ben").sees()
    assert "Carla" in Member(room, "2", "Ben", "-200").sees()
    assert "Anna" not in Member(room, "2", "Ben", "-200").sees()


@on_sqlite
def test_who_is_in_it_is_listed_by_date_with_every_exam(room: Room) -> None:
    original = next(iter(room.packs.values()))
    other = PackId("other")
    room.packs[other] = Pack(original.outline.model_copy(update={"id": other}), original.topics)
    anna = candidate(room, "1")
    anna.does(wants.Choose(Field.PACK, other), is_tap=True)
    books(anna, "10 January 9:00 Berlin")
    candidate(room, "2", "20 December 10:00 Berlin")
    for account, name in (("1", "Anna"), ("2", "Ben")):
        Member(room, account, name).does(ON)
    lines = [line for line in Member(room).sees().splitlines() if "·" in line]
    assert [line.rpartition(" ")[2] for line in lines] == ["Anna", "Anna", "Ben"]
    assert "Jan 10" in lines[1]


def test_a_person_whom_the_bot_has_never_met_is_told_and_stays_unknown(room: Room) -> None:
    stranger = Member(room, "77", "Stranger")
    (reply,) = stranger.does(ON)
    assert isinstance(reply, Notice)
    assert room.outcomes[-1] is Word.NO_EXAM_TO_SHOW
    stranger.does(OFF)
    stranger.sees()
    assert seats(room) == []
    assert room.select(sa.select(learner.c.id)) == []


@on_sqlite
def test_who_looked_at_a_calendar_first_begins_as_everybody_does(room: Room) -> None:
    """Looking on enrolled them without pushes, and /start then took them for somebody who had said no."""
    Member(room, "1").does(ON)
    guest = room.person("1")
    assert isinstance(guest.says("/start"), Picker)
    assert guest.learner.pushes_on


@on_sqlite
def test_without_an_exam_ahead_there_is_nothing_to_show(room: Room) -> None:
    guest = candidate(room)
    room.clock.now = wall(12, 15, 9, 31)
    (reply,) = Member(room).does(ON)
    assert isinstance(reply, Notice)
    Member(room).does(OFF)
    guest.says("/help")
    assert seats(room) == []


@on_sqlite
def test_a_private_chat_says_where_the_calendar_belongs(room: Room) -> None:
    guest = room.person()
    assert guest.says("/calendar") is Word.IN_A_GROUP
    assert guest.does(ON, is_tap=True) is Word.IN_A_GROUP


@on_sqlite
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna", "Anna"),
        ("Zoë 🦊 Çelik", "Zoë 🦊 Çelik"),
        ("שלום", "שלום"),
        ("<b>Bob</b> & *Co* _x_ `y` [z](https://a.example)", "<b>Bob</b> & *Co* _x_ `y` [z](https://a…"),
        ("", NAMELESS),
        (" \t\n ", NAMELESS),
        ("\u200b\u200d\ufeff", NAMELESS),
        ("\u3164\u2800", NAMELESS),
        ("\u202eevil\u2066", "evil"),
        ("two\nlines\r\n\x00\x1b[31m", "two lines [31m"),
        ("@everyone", "@\u2060everyone"),
        ("{ $name } { 1", "{ $name } { 1"),
        ("\ud83d broken", "broken"),
        ("x" * 200, "x" * (LONGEST_NAME - 1) + "…"),
        ("@" * 200, None),
        ("a\u0301" * 100, None),
    ],
)
def test_a_name_is_one_line_that_hides_and_turns_nothing(
    room: Room, postman: Postman, name: str, shown: str | None
) -> None:
    candidate(room)
    member = Member(room, "1", name)
    member.does(ON)
    kept = called(name)
    assert shown in (None, kept)
    assert f"Tue, Dec 15, 9:30 · MLS-C01 · {kept[:64]}" in member.sees().splitlines()
    assert cheers(room, postman.till(12, 15, 9)) == [(CHAT, kept[:64])]


def test_a_hostile_name_is_kept_on_both_databases(room: Room) -> None:
    candidate(room)
    for name in ("\x00", "\ud800", "💥" * 200, "'; DROP TABLE roster; --"):
        Member(room, "1", name).does(ON)
        assert len(seats(room)) == 1


def test_on_the_day_the_group_hears_of_it_once(room: Room, postman: Postman) -> None:
    candidate(room, "1")
    candidate(room, "2")
    candidate(room, "3")
    for chat in ("-100", "-200"):
        Member(room, "1", "Anna", chat).does(ON)
    Member(room, "2", "Ben").does(ON)
    Member(room, "2", "Benjamin").does(ON)  # the name they go by now
    letters = postman.till(12, 16)
    assert sorted(cheers(room, letters)) == [("-100", "Anna"), ("-100", "Benjamin"), ("-200", "Anna")]
    assert {name for name in names(letters) if "cheer" in name} == {"12-15 07:15 cheer"}


@on_sqlite
def test_a_cheer_costs_its_candidate_no_message(room: Room, postman: Postman) -> None:
    guest = candidate(room, when="15 December 23:30 Berlin")
    guest.does(wants.Choose(Field.QUIET, "2:00-8:00"), is_tap=True)
    for chat in range(6):
        Member(room, "1", "Anna", f"-{chat}").does(ON)
    came = [one.what for one in postman.till(12, 17) if one.what != "daily"]
    assert came.count("cheer") == 6
    assert Unwelcome.ENOUGH not in [why for key, why in postman.dropped.items() if key.startswith("exam")]


@on_sqlite
def test_nobody_cheers_after_it_was_taken_back(room: Room, postman: Postman) -> None:
    candidate(room)
    Member(room).does(ON)
    postman.till(12, 15, 7, 14)
    room.clock.now = wall(12, 15, 7, 15)
    assert room.tutor.book_due(100) > 0
    Member(room).does(OFF)
    assert cheers(room, postman.till(12, 16)) == []


@on_sqlite
def test_nobody_cheers_on_the_old_day_of_a_moved_exam(room: Room, postman: Postman) -> None:
    guest = candidate(room)
    Member(room).does(ON)
    postman.till(12, 15, 7, 14)
    room.clock.now = wall(12, 15, 7, 15)
    assert room.tutor.book_due(100) > 0
    books(guest, "22 December 9:30 Berlin")
    assert names([one for one in postman.till(12, 23) if one.what == "cheer"]) == ["12-22 07:15 cheer"]


@on_sqlite
def test_canceled_or_forgotten_they_are_gone_from_it(room: Room, postman: Postman) -> None:
    anna, ben = candidate(room, "1"), candidate(room, "2")
    for account, name in (("1", "Anna"), ("2", "Ben")):
        Member(room, account, name).does(ON)
    anna.says("/exam")
    anna.taps(wants.Unbook)
    anna.taps(wants.Cancel)
    ben.says("/forget")
    ben.taps(wants.Erase)
    assert "MLS-C01" not in Member(room).sees()
    assert [name for *_, name in seats(room)] == ["Anna"]  # in it still, with nothing to show
    assert cheers(room, postman.till(12, 16)) == []


def test_a_group_that_moved_takes_its_calendar_along_even_if_some_are_in_both(room: Room) -> None:
    candidate(room, "1")
    candidate(room, "2")
    Member(room, "1", "Anna", "-5").does(ON)
    Member(room, "2", "Ben", "-5").does(ON)
    Member(room, "1", "Anna", "-1005").does(ON)
    with room.database.outbox() as work:
        work.moved("telegram", "-5", "-1005")
    assert seats(room) == [("telegram", "-1005", "Anna"), ("telegram", "-1005", "Ben")]


@on_sqlite
def test_a_group_that_threw_the_bot_out_is_told_nothing_more(room: Room, postman: Postman) -> None:
    candidate(room)
    Member(room).does(ON)
    with room.database.outbox() as work:
        work.unreachable("telegram", CHAT)
    assert cheers(room, postman.till(12, 16)) == []
    assert seats(room) == []


@on_sqlite
def test_a_message_in_a_group_says_nothing_private(room: Room) -> None:
    guest = candidate(room)
    Member(room).does(ON)
    view = Member(room).does(ON)[0]
    shown = view.view if hasattr(view, "view") else View(())
    for hidden in (guest.place.chat, "Berlin", "20 min"):
        assert hidden not in shown.text
    for intent in (wants.Exam(), wants.Plan(), wants.Today(), wants.Readiness(), wants.Practice("", 3)):
        Member(room).does(intent)
        assert room.outcomes[-1] is Word.IN_PRIVATE


@on_sqlite
def test_a_calendar_of_many_fits_a_message(room: Room) -> None:
    for n in range(45):
        candidate(room, str(n))
        Member(room, str(n), "x" * 200).does(ON)
    text = Member(room).sees()
    assert len(text) <= 4096
    outcome = room.outcomes[-1]
    assert isinstance(outcome, CalendarShown)
    assert len(outcome.seats) == 45
