"""The adapter with the real library and a real core, against our own Telegram."""

import asyncio
import copy
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.desk import Desk
from adapters.telegram import app as app_module
from adapters.telegram import reply as reply_module
from adapters.telegram.app import TelegramApp
from bot.bootstrap import Core
from bot.chat.codec import encode
from bot.chat.incoming import Person as Account
from bot.chat.intent import Battle, Pick, Rate, Vote
from bot.chat.view import Button, File, Notice, Picture, Quiz, Replace, Show, Span, View
from bot.domain.answer import Confidence
from bot.domain.ids import AskId
from bot.errors import PlatformError
from bot.ports import Delivered, Failed, Gone, Moved, Receipt, TooFast, Vanished
from bot.present.words import words_for
from tests.adapters.gallery import HOSTILE, gallery, png
from tests.adapters.scripted_desk import SORRY, Scripted
from tests.dialogues.chat import World
from tests.dialogues.telegram_chat import TelegramChat, open_telegram
from tests.platform.telegram_people import Group, Person
from tests.platform.telegram_server import TelegramServer
from tests.platform.telegram_world import Message

ANSWERED = words_for("en")("hitch-answered")
IN_PRIVATE = words_for("en")("in-private")
PICTURE = Picture(png(), "Three weeks")
FILE = File("plan.ics", "text/calendar", b"BEGIN:VCALENDAR")
SURE = ((Button("Sure", Rate(AskId(1), Confidence.SURE)),),)
HELLO = View((Span("Hello <there>"),), SURE)
NEW = View((Span("New"),))
QUIZ = Quiz("Which?", ("one", "two", "three"), frozenset({1}), 20, "Because.")
ROUND = View((Span("Which? A. one"),), SURE, quiz=QUIZ)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(f"sqlite:///{tmp_path}/t.db")


@pytest.fixture
async def chat(world: World) -> AsyncIterator[TelegramChat]:
    async with open_telegram(world) as opened:
        yield opened


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def anna(server: TelegramServer) -> Person:
    """Somebody the bot may write to, with nothing waiting for the bot."""
    person = server.person("Anna")
    person.chat.standing = "member"
    return person


@pytest.fixture
def study(server: TelegramServer) -> Group:
    """A group of four; Anna is its creator, Ben an administrator, Dora has gone."""
    people = [server.person(name) for name in ("Anna", "Ben", "Carl", "Dora")]
    group = server.group("Study", people[:3])
    group.promote(people[1])
    return group


@asynccontextmanager
async def running(server: TelegramServer, desk: Desk) -> AsyncIterator[TelegramApp]:
    app = TelegramApp(desk, server.token, server.url)
    try:
        await app.start()
        yield app
    finally:
        await app.stop()


def desk_of(core: Core) -> Desk:
    return Desk(core.tutor, core.workers)


async def settled(server: TelegramServer, app: TelegramApp) -> None:
    assert await server.updates.bell.until(lambda: not server.updates.pending, 5)
    await app.settled()


def methods(server: TelegramServer) -> list[str]:
    """What the bot called, without what it asks for itself."""
    own = {"getme", "getupdates", "deletewebhook", "setmycommands"}
    return [call.method for call in server.calls if call.method.lower() not in own]


def files(server: TelegramServer, message: Message) -> list[bytes]:
    """What hangs on a message."""
    return [server.files[file] for file in message.file_ids.values()]


def content(view: View) -> list[bytes]:
    """What is attached to a view."""
    match view.attached:
        case None:
            return []
        case Picture(png=sent) | File(content=sent):
            return [sent]


# A person's turn


async def test_a_question_is_asked_answered_and_explained_in_one_message(chat: TelegramChat) -> None:
    await chat.runs("quiz", n=2)
    asked = chat.shown
    await chat.taps("B")
    await chat.sees("How sure are you?")
    await chat.taps("Sure")
    assert "It turns on" in chat.shown
    await chat.taps("Next")
    await chat.sees("Question 2 of 2")
    assert len(chat.person.messages) == 1
    assert chat.person.last.edits == 3
    assert chat.shown != asked
    assert chat.person.unanswered == 0
    assert methods(chat.server) == ["sendMessage", *["answerCallbackQuery", "editMessageText"] * 3]
    assert all(call.status == 200 for call in chat.server.calls)
    assert chat.server.unknown_calls == []


async def test_onboarding_takes_words_as_well_as_taps(chat: TelegramChat) -> None:
    await chat.runs("start")
    await chat.taps("Skip")
    await chat.types("zone", "Lisbon")
    await chat.sees("Step 3 of 5")
    await chat.taps(words_for("en")("not-booked-yet"))
    await chat.types("push_time", "7:30")
    await chat.sees("Step 5 of 5")
    await chat.taps("Skip")
    await chat.sees("7:30")


async def test_a_second_tap_changes_nothing_and_says_so(chat: TelegramChat) -> None:
    await chat.runs("quiz")
    question = chat.person.last
    pick = question.buttons[0][0].data
    assert pick is not None
    await asyncio.gather(*(chat.person.taps_data(question, pick) for _ in range(3)))
    await chat.settled()
    assert chat.person.toasts == [ANSWERED, ANSWERED]
    assert question.edits == 1
    assert chat.person.unanswered == 0


async def test_a_forged_button_is_told_off_and_nothing_else(chat: TelegramChat) -> None:
    await chat.runs("quiz")
    before = chat.shown
    for data in ("admin:drop", "p:zzz:9", "p:1:z", encode(Pick(AskId(10**12), 0)), "\u202e<b>"):
        await chat.person.taps_data(chat.person.last, data)
    await chat.settled()
    assert len(chat.person.toasts) == 5
    assert (chat.shown, len(chat.person.messages)) == (before, 1)


async def test_another_persons_question_can_be_answered_by_nobody_else(chat: TelegramChat) -> None:
    await chat.runs("quiz")
    question = chat.person.last
    pick = question.buttons[0][0].data
    assert pick is not None
    ben = chat.server.person("Ben")
    await ben.says("/help")
    await chat.settled()
    await ben.taps_data(ben.last, pick)  # Anna's button under a message of his own
    await ben.taps_data(question, pick)  # and, as no real Telegram lets him, under hers
    await chat.settled()
    assert ben.toasts == [words_for("en")("hitch-not-yours")]
    assert question.edits == 0
    assert ben.unanswered == 0


async def test_who_types_before_the_answer_comes_is_answered_in_order(chat: TelegramChat) -> None:
    for text in ("/quiz 3", "a", "/settings", "/today"):
        await chat.person.says(text)
    await chat.settled()
    asked, locked, settings, today = (message.text for message in chat.person.messages)
    assert locked.startswith(asked)
    assert settings.startswith(words_for("en")("settings-head"))
    assert today.startswith(words_for("en")("today-head"))


async def test_a_picture_is_answered_like_words_that_mean_nothing(chat: TelegramChat) -> None:
    chat.person.chat.standing = "member"
    photo = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]}
    sent = chat.person.chat.add(chat.person.account, chat.server.unix_time(), extra=photo)
    chat.server.happened("message", sent.json(), chat.person.chat)
    await chat.settled()
    assert chat.shown == words_for("en")("unclear")


# Groups


async def test_a_command_in_a_group_is_answered_there_that_it_works_in_private(chat: TelegramChat) -> None:
    group = chat.server.group("Study", [chat.person])
    asked = await chat.person.says("/quiz@tminus_test_bot", where=group)
    await chat.settled()
    assert group.last.text == IN_PRIVATE
    assert group.last.extra["reply_to_message"]["message_id"] == asked.id


async def test_an_answer_goes_into_the_topic_it_was_asked_in(chat: TelegramChat) -> None:
    group = chat.server.group("Study", [chat.person], forum=True)
    topic = group.opens_topic("Questions")
    await chat.person.says("/quiz", where=group, thread=topic)
    await chat.settled()
    assert group.last.extra["message_thread_id"] == topic


async def test_chatter_and_other_bots_commands_in_a_group_are_left_alone() -> None:
    async with TelegramServer(privacy=False) as server:
        desk = Scripted([Show(HELLO)])
        anna = server.person("Anna")
        group = server.group("Study", [anna])
        async with running(server, desk) as app:
            for text in ("hello", "b", "/weather", "/quiz@other_bot"):
                await anna.says(text, where=group)
            await settled(server, app)
    assert desk.taken == []
    assert methods(server) == []


async def test_an_answer_follows_a_group_that_has_moved(server: TelegramServer) -> None:
    anna = server.person("Anna")
    group = server.group("Study", [anna])
    await anna.says("/quiz", where=group)
    group.migrates()
    async with running(server, Scripted([Show(HELLO)])) as app:
        await settled(server, app)
    assert group.last.text == "Hello <there>"


async def test_a_tap_in_a_group_edits_the_message_for_all_and_a_notice_is_the_tappers_alone(
    server: TelegramServer,
) -> None:
    anna, ben = server.person("Anna"), server.person("Ben")
    group = server.group("Study", [anna, ben])
    desk = Scripted([Show(HELLO, is_public=True)], [Replace(View((Span("Ben is in"),), SURE)), Notice("Noted")])
    async with running(server, desk) as app:
        await anna.says("/calendar", where=group)
        await settled(server, app)
        await ben.taps("Sure", group.last)
        await settled(server, app)
    assert [message.text for message in group.messages] == ["Ben is in"]
    assert (ben.toasts, anna.toasts) == (["Noted"], [])
    assert [incoming.place.room for incoming in desk.taken] == [str(group.id)] * 2
    assert [incoming.name for incoming in desk.taken] == ["Anna", "Ben"]


async def test_a_tap_in_a_topic_is_answered_there(server: TelegramServer) -> None:
    anna = server.person("Anna")
    forum = server.group("Forum", [anna], forum=True)
    topic = forum.opens_topic("Battles")
    desk = Scripted([Show(HELLO)])
    async with running(server, desk) as app:
        await anna.says("/battle", where=forum, thread=topic)
        await settled(server, app)
        await anna.taps("Sure", forum.last)
        await settled(server, app)
    assert [message.extra["message_thread_id"] for message in forum.messages] == [topic, topic]
    assert [incoming.place.spot for incoming in desk.taken] == [f"{forum.id}/{topic}"] * 2


async def test_who_is_an_admin_is_asked_for_what_only_admins_may_do(server: TelegramServer, study: Group) -> None:
    desk = Scripted([Show(HELLO)])
    battle = encode(Battle("open"))
    async with running(server, desk) as app:
        for person in list(server.people.values()):
            await person.says("/battle", where=study)
            await settled(server, app)
            await person.taps_data(study.last, battle)
            await settled(server, app)
    assert [incoming.is_admin for incoming in desk.taken] == [True] * 4 + [False] * 4
    assert len(server.calls_of("getChatMember")) == 8


async def test_nobody_is_asked_about_for_anything_else_or_in_private(server: TelegramServer, study: Group) -> None:
    desk = Scripted([Show(HELLO)])
    anna = study.members[0]
    async with running(server, desk) as app:
        await anna.says("/battle")
        await anna.says("/board", where=study)
        await settled(server, app)
        await anna.taps("Sure", study.last)
        await settled(server, app)
    assert [incoming.is_admin for incoming in desk.taken] == [False] * 3
    assert server.calls_of("getChatMember") == []


@pytest.mark.parametrize("how", ["refused", "flooded", "lost"])
async def test_who_can_not_be_asked_about_is_no_admin(
    server: TelegramServer, study: Group, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    caplog.set_level(logging.DEBUG, app_module.__name__)
    match how:
        case "refused":
            server.refuse_next("getChatMember", 400, "Bad Request: CHAT_ADMIN_REQUIRED")
        case "flooded":
            server.flood(retry_after=9, method="getChatMember")
        case _:
            server.fail_next("getChatMember", "drop_before")
    desk = Scripted([Show(HELLO)])
    async with running(server, desk) as app:
        await study.members[0].says("/battle", where=study)
        await settled(server, app)
    assert [incoming.is_admin for incoming in desk.taken] == [False]
    assert study.last.text == "Hello <there>"
    (record,) = [record for record in caplog.records if record.name == app_module.__name__]
    assert (record.levelname, "nobody knows" in record.message) == ("DEBUG", True)


async def test_a_vote_is_a_turn_and_its_replies_are_dropped(
    server: TelegramServer, study: Group, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    anna, ben, *_ = study.members
    desk = Scripted([Notice("Too late"), Show(HELLO), Replace(HELLO)])
    async with running(server, desk) as app:
        receipt = await app.send(str(study.id), ROUND)
        await anna.votes(study.last, "two")
        await ben.votes(study.last, "three")
        await settled(server, app)
    assert isinstance(receipt, Delivered)
    assert receipt.poll is not None
    assert [incoming.intent for incoming in desk.taken] == [Vote(receipt.poll, (1,)), Vote(receipt.poll, (2,))]
    assert [incoming.person.account for incoming in desk.taken] == [str(anna.id), str(ben.id)]
    assert (methods(server), caplog.records) == (["sendPoll"], [])


async def test_a_vote_that_fails_is_logged_and_said_to_nobody(
    server: TelegramServer, study: Group, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, Scripted(ValueError("no"))) as app:
        await app.send(str(study.id), ROUND)
        await study.members[0].votes(study.last, "two")
        await settled(server, app)
    assert methods(server) == ["sendPoll"]
    (record,) = caplog.records
    assert "ValueError" in record.message


# Those who overdo it


async def test_who_taps_without_end_is_acknowledged_and_no_more(server: TelegramServer, anna: Person) -> None:
    desk = Scripted([Show(HELLO)], [Notice("Noted")], most_events=3)
    ben = server.person("Ben")
    async with running(server, desk) as app:
        await anna.says("/quiz")
        await anna.sees("Hello")
        for _ in range(4):
            await anna.taps("Sure", anna.last)
        await anna.says("/quiz")
        await settled(server, app)
        assert len(desk.taken) == 3
        await ben.says("/quiz")
        await settled(server, app)
    assert anna.toasts == ["Noted", "Noted"]
    assert anna.unanswered == 0
    assert [message.text for message in anna.messages] == ["Hello <there>"]
    assert [incoming.person.account for incoming in desk.taken[3:]] == [str(ben.id)]


# Pictures and files


@pytest.mark.parametrize("attached", [PICTURE, FILE])
async def test_what_is_attached_comes_with_its_caption_and_buttons(
    server: TelegramServer, anna: Person, attached: Picture | File
) -> None:
    view = View((Span(f"Your plan {HOSTILE}"),), SURE, attached)
    async with running(server, Scripted([Show(view)])) as app:
        await anna.says("/plan")
        await settled(server, app)
    assert (anna.last.text, anna.last.labels) == (view.text, ["Sure"])
    assert files(server, anna.last) == content(view)
    assert methods(server) == ["sendPhoto" if attached is PICTURE else "sendDocument"]


async def test_a_file_keeps_its_name_and_kind(server: TelegramServer, anna: Person) -> None:
    async with running(server, Scripted([])) as app:
        await app.send(str(anna.id), View((), (), File("Plan „ü“ 1.ics", "text/calendar", b"x")))
        document = anna.last.extra["document"]
        assert (document["file_name"], document["mime_type"]) == ("Plan „ü“ 1.ics", "text/calendar")
        await app.send(str(anna.id), View((), (), File("half\ud83d.ics", "text/calendar", b"x")))
        assert anna.last.extra["document"]["file_name"] == "half\ufffd.ics"


@pytest.mark.parametrize("attached", [PICTURE, FILE])
async def test_a_tap_that_brings_a_picture_or_a_file_leaves_the_tapped_message_as_it_is(
    server: TelegramServer, anna: Person, attached: Picture | File
) -> None:
    view = View((Span("Drawn"),), (), attached)
    async with running(server, Scripted([Show(HELLO)], [Replace(view)])) as app:
        await anna.says("/plan")
        await anna.taps("Sure")
        await settled(server, app)
    assert [message.text for message in anna.messages] == ["Hello <there>", "Drawn"]
    assert [message.edits for message in anna.messages] == [0, 0]
    assert files(server, anna.last) == content(view)
    assert anna.unanswered == 0


@pytest.mark.parametrize("attached", [PICTURE, FILE])
async def test_a_tap_under_a_picture_or_a_file_is_answered_below_it(
    server: TelegramServer, anna: Person, attached: Picture | File
) -> None:
    long = View((Span("words " * 600),))
    async with running(server, Scripted([Show(View((Span("Drawn"),), SURE, attached))], [Replace(long)])) as app:
        await anna.says("/plan")
        await anna.taps("Sure")
        await settled(server, app)
    assert [message.text for message in anna.messages] == ["Drawn", long.text.strip()]
    assert anna.messages[0].labels == ["Sure"]
    assert methods(server)[1:] == ["answerCallbackQuery", "sendMessage"]


async def test_a_picture_in_a_group_goes_into_the_topic_and_follows_the_group(server: TelegramServer) -> None:
    anna = server.person("Anna")
    view = View((Span("Drawn"),), (), PICTURE)
    forum, moving = server.group("Forum", [anna], forum=True), server.group("Study", [anna])
    topic = forum.opens_topic("Plans")
    asked = await anna.says("/plan", where=forum, thread=topic)
    await anna.says("/plan", where=moving)
    moving.migrates()
    async with running(server, Scripted([Show(view)])) as app:
        await settled(server, app)
    assert forum.last.extra["message_thread_id"] == topic
    assert forum.last.extra["reply_to_message"]["message_id"] == asked.id
    assert files(server, forum.last) == files(server, moving.last) == [PICTURE.png]


async def test_a_picture_waits_out_a_flood_and_is_whole_the_second_time(server: TelegramServer, anna: Person) -> None:
    async with running(server, Scripted([Show(View((), (), PICTURE))])) as app:
        server.flood(anna.chat, retry_after=1, method="sendPhoto")
        await anna.says("/plan")
        await settled(server, app)
    assert [call.status for call in server.calls_of("sendPhoto")] == [429, 200]
    assert files(server, anna.last) == [PICTURE.png]


async def test_a_picture_that_telegram_refuses_is_a_fault_of_ours(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, Scripted([Show(View((), (), Picture(b"no picture", "")))])) as app:
        await anna.says("/plan")
        await settled(server, app)
        assert anna.last.text == SORRY
        assert await app.send(str(anna.id), View((), (), Picture(b"none", ""))) == Failed("Image_process_failed")
    assert "image_process_failed" in caplog.text.lower()


# What Telegram refuses, and how it fails


async def test_who_has_blocked_the_bot_meanwhile_is_left_in_peace(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await anna.says("/quiz")
    anna.blocks_bot()
    async with running(server, Scripted([Show(HELLO)])) as app:
        await settled(server, app)
    assert methods(server) == ["sendMessage"]
    assert caplog.records == []


async def test_an_edit_that_changes_nothing_is_harmless(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running(server, Scripted([Show(HELLO)], [Replace(HELLO)])) as app:
        await anna.says("/quiz")
        await anna.taps("Sure")
        await settled(server, app)
    assert server.calls_of("editMessageText")[0].status == 400
    assert len(anna.messages) == 1
    assert (anna.unanswered, caplog.records) == (0, [])


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "there is no text in the message to edit"]
)
async def test_a_message_that_can_not_be_edited_is_sent_anew(server: TelegramServer, anna: Person, words: str) -> None:
    async with running(server, Scripted([Show(HELLO)], [Replace(View((Span("New"),)))])) as app:
        await anna.says("/quiz")
        await anna.sees("Hello")
        server.refuse_next("editMessageText", 400, f"Bad Request: {words}")
        await anna.taps("Sure")
        await anna.sees("New")
        await settled(server, app)
    assert [message.text for message in anna.messages] == ["Hello <there>", "New"]


async def test_a_tap_too_old_to_acknowledge_still_edits(server: TelegramServer, anna: Person) -> None:
    async with running(server, Scripted([Show(HELLO)])) as app:
        await anna.says("/quiz")
        await settled(server, app)
    await anna.taps("Sure")
    server.expire_taps()
    async with running(server, Scripted([Replace(View((Span("New"),)))])) as app:
        await settled(server, app)
    assert (anna.last.text, anna.last.edits) == ("New", 1)


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_a_flood_is_waited_out_as_told_and_tried_once_more(
    server: TelegramServer, anna: Person, method: str
) -> None:
    async with running(server, Scripted([Show(HELLO)], [Replace(View((Span("New"),)))])) as app:
        if method == "editMessageText":
            await anna.says("/quiz")
            await settled(server, app)
        server.flood(anna.chat, retry_after=1, method=method)
        await (anna.says("/quiz") if method == "sendMessage" else anna.taps("Sure"))
        await settled(server, app)
    first, second = server.calls_of(method)[-2:]
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 1.0


async def test_a_flood_longer_than_anyone_waits_ends_the_reply(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, Scripted([Show(HELLO)])) as app:
        server.flood(retry_after=600, times=9)
        await anna.says("/quiz")
        await settled(server, app)
    assert methods(server) == ["sendMessage"]
    (record,) = caplog.records
    assert "was lost" in record.message


async def test_a_reply_lost_on_the_network_is_one_line_in_the_log(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, Scripted([Show(HELLO)])) as app:
        server.fail_next("sendMessage", "bad_gateway")
        await anna.says("/quiz")
        await settled(server, app)
        server.fail_next("sendMessage", "drop_before")
        await anna.says("/quiz")
        await settled(server, app)
        await anna.says("/quiz")
        await anna.sees("Hello")
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


# Slowness and faults of our own


async def test_a_slow_turn_is_acknowledged_at_once_and_its_notice_comes_as_a_message(
    server: TelegramServer, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_module, "PATIENCE_S", 0.01)
    desk = Scripted([Show(HELLO)], [Notice("Too late")])
    async with running(server, desk) as app:
        await anna.says("/quiz")
        await settled(server, app)
        desk.open.clear()
        await anna.taps("Sure")
        (acknowledged,) = await server.called("answerCallbackQuery")
        assert "text" not in acknowledged.params
        assert anna.unanswered == 0
        desk.open.set()
        await anna.sees("Too late")
        await settled(server, app)
    assert anna.toasts == []
    assert anna.last.text == "Too late"
    assert len(server.calls_of("answerCallbackQuery")) == 1


async def test_one_persons_slow_turn_keeps_nobody_else_waiting(server: TelegramServer, anna: Person) -> None:
    ben = server.person("Ben")
    desk = Scripted([Show(HELLO)])
    async with running(server, desk) as app:
        async with desk.queue(Account("telegram", str(anna.id))):  # as a turn of Anna's that is under way holds it
            await anna.says("/quiz")
            await ben.says("/quiz")
            await ben.sees("Hello")
            assert anna.messages == []
        await settled(server, app)
    assert len(anna.messages) == 1


async def test_a_notice_on_a_tap_is_a_toast_cut_to_what_a_toast_holds(server: TelegramServer, anna: Person) -> None:
    async with running(server, Scripted([Show(HELLO)], [Notice("x" * 300)])) as app:
        await anna.says("/quiz")
        await anna.taps("Sure")
        await settled(server, app)
    assert anna.toasts == ["x" * 200]
    assert len(anna.messages) == 1


async def test_a_receipt_is_a_toast_on_a_tap_and_nothing_on_words(
    server: TelegramServer, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Scripted([Show(HELLO)], [Notice("Locked", is_receipt=True)])
    async with running(server, desk) as app:
        await anna.says("/quiz")
        await anna.taps("Sure")
        await settled(server, app)
        assert anna.toasts == ["Locked"]
        await anna.says("/quiz")
        await settled(server, app)
        monkeypatch.setattr(reply_module, "PATIENCE_S", 0.01)
        desk.open.clear()
        await anna.taps("Sure")
        await server.called("answerCallbackQuery", 2)
        desk.open.set()
        await settled(server, app)
    assert (anna.toasts, len(anna.messages)) == (["Locked"], 1)


async def test_a_quiz_in_a_reply_is_told_in_words(server: TelegramServer, study: Group) -> None:
    anna = study.members[0]
    async with running(server, Scripted([Show(HELLO)], [Replace(ROUND)], [Show(ROUND)])) as app:
        await anna.says("/board", where=study)
        await settled(server, app)
        await anna.taps("Sure", study.last)
        await anna.says("/board", where=study)
        await settled(server, app)
    assert [message.text for message in study.messages] == ["Which? A. one"] * 2
    assert server.calls_of("sendPoll") == []


async def test_what_leads_to_a_private_chat_is_a_link_everywhere(server: TelegramServer, anna: Person) -> None:
    view = View((Span("Play", to_private=True),))
    link = f"https://t.me/{server.bot.username}?start=battle"
    async with running(server, Scripted([Show(view)])) as app:
        await anna.says("/battle")
        await settled(server, app)
        sent = await app.send(str(anna.id), HELLO)
        assert isinstance(sent, Delivered)
        await app.edit(str(anna.id), sent.message, view)
        await app.send(str(anna.id), view)
    assert [message.entities[0]["url"] for message in anna.messages] == [link] * 3


async def test_a_notice_on_words_is_a_message(server: TelegramServer, anna: Person) -> None:
    async with running(server, Scripted([Notice("<b>Not so fast</b>")])) as app:
        await anna.says("c")
        await settled(server, app)
    assert anna.last.text == "<b>Not so fast</b>"


async def test_a_fault_of_ours_is_logged_without_the_persons_words_and_said_sorry_for(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    words = "my secret worry"
    async with running(server, Scripted(ValueError(f"no such thing: {words[:9]}"), ValueError("at a tap"))) as app:
        await anna.says(words)
        await settled(server, app)
        assert anna.last.text == SORRY
        await anna.taps_data(anna.last, "to")
        await settled(server, app)
    assert anna.toasts == [SORRY]
    said, tapped = caplog.records
    assert "secret" not in caplog.text
    assert "ValueError" in said.message
    assert "in handle" in said.message  # where it came from
    assert "ValueError: at a tap" in tapped.message


async def test_a_message_that_telegram_refuses_is_a_fault_of_ours(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(server, Scripted([Show(HELLO)])) as app:
        server.refuse_next("sendMessage", 400, "Bad Request: can't parse entities: Unsupported start tag")
        await anna.says("/help")
        await settled(server, app)
    assert anna.last.text == SORRY
    assert "can't parse entities" in caplog.text.lower()


# Starting, polling, stopping


@pytest.mark.parametrize("token", ["424242:AAEwrongwrongwrongwrongwrongwrong00", "nonsense", ""])
async def test_a_wrong_token_is_told_with_the_way_out(server: TelegramServer, token: str) -> None:
    with pytest.raises(PlatformError, match=r"TMINUS_TELEGRAM_TOKEN.*@BotFather") as caught:
        await TelegramApp(Scripted([]), token, server.url).start()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert not token or token not in shown


async def test_a_start_without_network_waits_for_it_and_says_so_once(
    server: TelegramServer, anna: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app_module, "FIRST_RETRY_S", 0.01)
    server.fail_next("getMe", "bad_gateway", times=2)
    server.fail_next("getMe", "drop_before")
    async with running(server, Scripted([Show(HELLO)])):
        await anna.says("/quiz")
        await anna.sees("Hello")
    (record,) = caplog.records
    assert "can't be reached" in record.message


async def test_a_start_that_waits_can_be_given_up(server: TelegramServer) -> None:
    server.fail_next("getMe", "bad_gateway", times=9)
    app = TelegramApp(Scripted([]), server.token, server.url)
    starting = asyncio.create_task(app.start())
    await server.called("getMe")
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await app.stop()
    assert starting.cancelled()


async def test_the_menu_is_set_in_every_language(chat: TelegramChat) -> None:
    (call,) = chat.server.calls_of("setMyCommands")
    assert "language_code" not in call.params
    assert {"command": "quiz", "description": words_for("en")("command-quiz")} in call.params["commands"]


async def test_other_languages_menus_go_by_their_two_letters(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = dict.fromkeys(["en", "de", "pt", "pt-br", "zh-hant", "fil"], Path())
    monkeypatch.setattr(app_module, "locales", lambda: found)
    async with running(server, Scripted([])):
        pass
    assert [call.params.get("language_code") for call in server.calls_of("setMyCommands")] == [None, "de", "pt", "zh"]


async def test_a_menu_that_telegram_refuses_is_no_reason_to_be_silent(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuse_next("setMyCommands", 400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    async with running(server, Scripted([Show(HELLO)])):
        await anna.says("/quiz")
        await anna.sees("Hello")
    (record,) = caplog.records
    assert "commands in en" in record.message


async def test_only_what_is_answered_is_asked_for(server: TelegramServer) -> None:
    async with running(server, Scripted([])):
        pass
    (first, *_) = server.calls_of("getUpdates")
    assert first.params["allowed_updates"] == ["message", "callback_query", "poll_answer"]


@pytest.mark.parametrize("code", [404, 409, 502])
async def test_polling_goes_on_after_telegram_has_refused_it_for_a_while(
    server: TelegramServer, anna: Person, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    caplog.set_level(logging.INFO)
    server.refuse_next("getUpdates", code, "for a while")
    async with running(server, Scripted([Show(HELLO)])):
        await server.called("getUpdates")
        await anna.says("/quiz")
        await anna.sees("Hello", timeout=5)
    down, up = caplog.records
    assert down.levelno >= logging.WARNING
    assert "answers again" in up.message


async def test_a_connection_that_is_cut_again_and_again_is_not_retried_in_a_rush(server: TelegramServer) -> None:
    server.fail_next("getUpdates", "drop_before", times=50)
    async with running(server, Scripted([])):
        await server.called("getUpdates", 2)
    # polls pause at least a second after a lost connection, and stopping makes one more
    assert len(server.calls_of("getUpdates")) <= 4


async def test_stopping_lets_a_turn_finish_and_can_be_done_twice(server: TelegramServer, anna: Person) -> None:
    desk = Scripted([Show(HELLO)])
    desk.open.clear()
    app = TelegramApp(desk, server.token, server.url)
    await app.start()
    await anna.says("/quiz")
    assert await server.updates.bell.until(lambda: not server.updates.pending, 5)
    stopping = asyncio.create_task(app.stop())
    await server.called("getUpdates", 3)
    desk.open.set()
    await stopping
    await app.stop()
    assert anna.last.text == "Hello <there>"
    assert isinstance(await app.send(str(anna.id), HELLO), Failed)


async def test_stopping_does_not_wait_for_ever_for_a_turn(
    server: TelegramServer, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "GRACE_S", 0.05)
    desk = Scripted([Show(HELLO)])
    desk.open.clear()
    async with running(server, desk):
        await anna.says("/quiz")
        assert await server.updates.bell.until(lambda: not server.updates.pending, 5)
    assert anna.messages == []


async def test_an_app_that_never_started_stops(server: TelegramServer) -> None:
    await TelegramApp(Scripted([]), server.token, server.url).stop()


async def test_an_update_that_comes_again_after_a_crash_changes_nothing(server: TelegramServer, world: World) -> None:
    core = world.core()
    anna = server.person("Anna")
    await anna.says("/quiz 3")
    quiz = copy.deepcopy(server.updates.pending[0])
    try:
        async with running(server, desk_of(core)) as app:
            await settled(server, app)
        asked = anna.last.text
        await anna.taps("A")
        tap = copy.deepcopy(server.updates.pending[0])
        async with running(server, desk_of(core)) as app:
            await settled(server, app)
        locked = anna.last.text
        server.updates.pending.extend([quiz, tap])  # the crash came before Telegram had heard that we have them
        async with running(server, desk_of(core)) as app:
            await settled(server, app)
            await anna.says("/progress")
            await settled(server, app)
    finally:
        core.close()
    first, again, progress = anna.messages
    assert asked.partition("\n\n")[0] == again.text.partition("\n\n")[0]
    assert again.text == locked  # the same question, as it stands
    assert first.edits == 1
    assert "1 of 1" in progress.text or "0 of 1" in progress.text


# As a channel


async def test_the_question_of_the_day_comes_and_is_answered_where_it_stands(chat: TelegramChat, world: World) -> None:
    await chat.runs("start")
    for label in ("Skip", "Skip", words_for("en")("not-booked-yet"), "Skip", "Skip"):
        await chat.taps(label)
    world.clock.waits(hours=10)
    await chat.rounds.book()
    await chat.rounds.courier.drain()
    await chat.sees(words_for("en")("push-head"))
    await chat.taps("A")
    await chat.sees("Your answer")
    assert chat.person.last.edits == 1


async def test_a_restart_goes_on_where_it_stopped(world: World) -> None:
    async with open_telegram(world) as before:
        await before.runs("quiz", n=3)
        question = before.shown
    async with open_telegram(world) as after:
        await after.says("a")
        assert after.shown.startswith(question)


async def receipt_for(server: TelegramServer, person: Person | int, view: View = HELLO) -> Receipt:
    async with running(server, Scripted([])) as app:
        return await app.send(str(person if isinstance(person, int) else person.id), view)


async def test_a_push_arrives_with_its_buttons(server: TelegramServer, anna: Person) -> None:
    assert await receipt_for(server, anna) == Delivered(str(anna.last.id))
    assert (anna.last.text, anna.last.labels) == ("Hello <there>", ["Sure"])
    (call,) = server.calls_of("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("attached", [PICTURE, FILE])
async def test_a_push_brings_a_picture_or_a_file_and_its_receipts_are_the_same(
    server: TelegramServer, anna: Person, attached: Picture | File
) -> None:
    view = View((Span("Plan"),), SURE, attached)
    assert await receipt_for(server, anna, view) == Delivered(str(anna.last.id))
    assert (anna.last.labels, files(server, anna.last)) == (["Sure"], content(view))
    server.fail_next("sendPhoto" if attached is PICTURE else "sendDocument", "drop_before")
    assert isinstance(await receipt_for(server, anna, view), Failed)
    server.flood(retry_after=3)
    assert await receipt_for(server, anna, view) == TooFast(3.0, everyone=False)
    anna.blocks_bot()
    assert await receipt_for(server, anna, view) == Gone("Forbidden: bot was blocked by the user")
    assert await receipt_for(server, 999, view) == Gone("Chat not found")


async def test_a_push_to_a_room_goes_to_the_group_until_it_throws_us_out(server: TelegramServer) -> None:
    anna = server.person("Anna")
    group = server.group("Study", [anna])
    desk = Scripted([Show(HELLO)])
    async with running(server, desk) as app:
        await anna.says("/calendar", where=group)
        await settled(server, app)
        room = desk.taken[0].place.room
        assert room is not None
        assert await app.send(room, View((Span("Today: Ben"),))) == Delivered(str(group.last.id))
        assert group.last.text == "Today: Ben"
        group.kicks_bot()
        assert isinstance(await app.send(room, HELLO), Gone)


async def test_a_push_to_who_has_blocked_the_bot_is_gone(server: TelegramServer, anna: Person) -> None:
    anna.blocks_bot()
    assert await receipt_for(server, anna) == Gone("Forbidden: bot was blocked by the user")


async def test_a_push_to_nobody_is_gone(server: TelegramServer) -> None:
    assert await receipt_for(server, 999) == Gone("Chat not found")


async def test_a_push_to_a_group_that_moved_says_where_to(server: TelegramServer, anna: Person) -> None:
    group = server.group("Study", [anna])
    old = group.id
    new = group.migrates()
    assert await receipt_for(server, old) == Moved(str(new))


@pytest.mark.parametrize("kind", ["bad_gateway", "server_error", "drop_before"])
async def test_a_push_that_the_network_loses_has_failed(server: TelegramServer, anna: Person, kind: Any) -> None:
    server.fail_next("sendMessage", kind)
    assert isinstance(await receipt_for(server, anna), Failed)


async def test_a_push_that_telegram_finds_wrong_has_failed(server: TelegramServer, anna: Person) -> None:
    server.refuse_next("sendMessage", 400, "Bad Request: message is too long")
    assert await receipt_for(server, anna) == Failed("Message is too long")


async def test_a_flood_of_one_chat_is_that_chats_and_of_two_at_once_everyones(
    server: TelegramServer, anna: Person
) -> None:
    ben = server.person("Ben")
    ben.chat.standing = "member"
    async with running(server, Scripted([])) as app:
        server.flood(retry_after=3, times=3)
        assert await app.send(str(anna.id), HELLO) == TooFast(3.0, everyone=False)
        assert await app.send(str(anna.id), HELLO) == TooFast(3.0, everyone=False)
        assert await app.send(str(ben.id), HELLO) == TooFast(3.0, everyone=True)


async def test_a_quiz_becomes_a_poll_that_closes_by_itself_and_hides_the_votes(
    server: TelegramServer, study: Group
) -> None:
    async with running(server, Scripted([])) as app:
        receipt = await app.send(str(study.id), ROUND)
    poll = study.last.extra["poll"]
    assert receipt == Delivered(str(study.last.id), poll["id"])
    (call,) = server.calls_of("sendPoll")
    assert {key: value for key, value in call.params.items() if key not in ("chat_id", "options")} == {
        "question": "Which?",
        "type": "quiz",
        "is_anonymous": "false",
        "correct_option_ids": [1],
        "allows_multiple_answers": "false",
        "allows_revoting": "false",
        "hide_results_until_closes": "true",
        "protect_content": "true",
        "open_period": "20",
        "explanation": "Because.",
    }
    assert [option["text"] for option in poll["options"]] == ["one", "two", "three"]
    assert study.last.labels == []


async def test_a_quiz_with_several_keys_takes_several_answers_once(server: TelegramServer, study: Group) -> None:
    anna = study.members[0]
    desk = Scripted([])
    async with running(server, desk) as app:
        await app.send(str(study.id), replace(ROUND, quiz=replace(QUIZ, keys=frozenset({2, 0}), explanation="")))
        await anna.votes(study.last, "three", "one")
        with pytest.raises(AssertionError, match="there is a vote already"):
            await anna.votes(study.last, "two")
        await settled(server, app)
    assert study.last.extra["poll"]["correct_option_ids"] == [0, 2]
    assert [incoming.intent for incoming in desk.taken] == [Vote(study.last.extra["poll"]["id"], (0, 2))]


async def test_a_quiz_too_long_for_a_poll_is_sent_in_words(server: TelegramServer, study: Group) -> None:
    async with running(server, Scripted([])) as app:
        receipt = await app.send(str(study.id), replace(ROUND, quiz=replace(QUIZ, question="q" * 301)))
    assert receipt == Delivered(str(study.last.id))
    assert (study.last.text, study.last.labels) == ("Which? A. one", ["Sure"])


@pytest.mark.parametrize("words", ["not enough rights to send polls to the chat", "CHAT_SEND_POLL_FORBIDDEN"])
async def test_a_group_that_takes_no_polls_gets_the_words(server: TelegramServer, study: Group, words: str) -> None:
    async with running(server, Scripted([])) as app:
        server.refuse_next("sendPoll", 400, f"Bad Request: {words}")
        assert await app.send(str(study.id), ROUND) == Delivered(str(study.last.id))
        assert study.last.text == "Which? A. one"
        server.refuse_next("sendPoll", 400, "Bad Request: poll options length must not exceed 100")
        assert await app.send(str(study.id), ROUND) == Failed("Poll options length must not exceed 100")


async def test_a_topic_has_an_address_of_its_own(server: TelegramServer) -> None:
    forum = server.group("Forum", [server.person("Anna")], forum=True)
    topic = forum.opens_topic("Battles")
    spot = f"{forum.id}/{topic}"
    async with running(server, Scripted([])) as app:
        for view in (HELLO, ROUND, View((), (), PICTURE)):
            receipt = await app.send(spot, view)
            assert isinstance(receipt, Delivered)
            assert forum.by_id[int(receipt.message)].extra["message_thread_id"] == topic
        words, poll, _ = forum.messages
        assert await app.edit(spot, str(words.id), NEW) == Delivered(str(words.id))
        assert await app.close(spot, str(poll.id)) == Delivered(str(poll.id))
        assert (words.text, poll.extra["poll"]["is_closed"]) == ("New", True)
        forum.deletes_topic(topic)
        assert await app.send(spot, HELLO) == Gone("Message thread not found")
        assert await app.edit(spot, str(words.id), HELLO) == Vanished()


async def test_two_topics_of_one_group_share_its_flood(server: TelegramServer) -> None:
    forum = server.group("Forum", [server.person("Anna")], forum=True)
    spots = [f"{forum.id}/{forum.opens_topic(title)}" for title in ("Battles", "Talk")]
    async with running(server, Scripted([])) as app:
        server.flood(retry_after=3, times=2)
        assert [await app.send(spot, HELLO) for spot in spots] == [TooFast(3.0, everyone=False)] * 2


async def test_a_message_is_edited_and_one_that_says_it_already_is_delivered(
    server: TelegramServer, anna: Person
) -> None:
    async with running(server, Scripted([])) as app:
        await app.send(str(anna.id), NEW)
        message = str(anna.last.id)
        for _ in range(2):
            assert await app.edit(str(anna.id), message, HELLO) == Delivered(message)
    assert (anna.last.text, anna.last.labels, anna.last.edits) == ("Hello <there>", ["Sure"], 1)
    assert [call.status for call in server.calls_of("editMessageText")] == [200, 400]


async def test_what_can_not_be_edited_or_closed_has_vanished(server: TelegramServer, study: Group) -> None:
    chat, said = str(study.id), await study.members[0].says("/board", where=study)
    async with running(server, Scripted([])) as app:
        await app.send(chat, HELLO)
        words = study.last
        await app.send(chat, View((Span("Drawn"),), (), PICTURE))
        picture = study.last
        await app.send(chat, ROUND)
        poll = study.last
        for message in (said.id, picture.id, poll.id, 4711):
            assert await app.edit(chat, str(message), NEW) == Vanished()
        for message in (said.id, picture.id, words.id, 4711):
            assert await app.close(chat, str(message)) == Vanished()
        assert await app.edit(chat, str(words.id), View((Span("New"),), (), PICTURE)) == Vanished()
        del study.by_id[words.id]
        assert await app.edit(chat, str(words.id), NEW) == Vanished()
    assert len(server.calls_of("editMessageText")) == 5


async def test_a_quiz_that_a_message_is_edited_into_is_told_in_words(server: TelegramServer, anna: Person) -> None:
    async with running(server, Scripted([])) as app:
        await app.send(str(anna.id), HELLO)
        assert await app.edit(str(anna.id), str(anna.last.id), ROUND) == Delivered(str(anna.last.id))
    assert anna.last.text == "Which? A. one"


async def test_a_poll_is_closed_once_and_a_closed_one_is_delivered(server: TelegramServer, study: Group) -> None:
    async with running(server, Scripted([])) as app:
        await app.send(str(study.id), ROUND)
        message = str(study.last.id)
        for _ in range(2):
            assert await app.close(str(study.id), message) == Delivered(message)
    assert study.last.extra["poll"]["is_closed"]
    assert [call.status for call in server.calls_of("stopPoll")] == [200, 400]


@pytest.mark.parametrize("what", ["edit", "close"])
async def test_an_edit_and_a_close_end_as_a_push_does(server: TelegramServer, study: Group, what: str) -> None:
    method = "editMessageText" if what == "edit" else "stopPoll"
    async with running(server, Scripted([])) as app:

        async def receipt(chat: int) -> Receipt:
            return await (app.edit(str(chat), message, NEW) if what == "edit" else app.close(str(chat), message))

        await app.send(str(study.id), HELLO if what == "edit" else ROUND)
        message = str(study.last.id)
        server.flood(retry_after=3)
        assert await receipt(study.id) == TooFast(3.0, everyone=False)
        server.fail_next(method, "drop_before")
        assert isinstance(await receipt(study.id), Failed)
        server.refuse_next(method, 400, "Bad Request: can't parse entities")
        assert await receipt(study.id) == Failed("Can't parse entities")
        assert await receipt(-999) == Gone("Chat not found")
        old = study.id
        new = study.migrates()
        assert await receipt(old) == Moved(str(new))
        study.kicks_bot()
        assert isinstance(await receipt(new), Gone)


async def test_every_message_of_the_tutor_can_be_sent_and_edited_in(server: TelegramServer, anna: Person) -> None:
    views = gallery()
    async with running(server, Scripted([Show(HELLO)], *([Replace(view)] for _, view in views))) as app:
        for name, view in views:
            assert isinstance(await app.send(str(anna.id), view), Delivered), name
        await anna.says("/quiz")
        await anna.sees("Hello")
        message = anna.last
        for name, view in views:
            await anna.taps_data(message, "to")
            await settled(server, app)
            shown = anna.last if view.attached else message
            assert shown.text == view.text.strip(), name
            assert files(server, shown) == content(view), name
    refused = {call.description for call in server.calls if call.status != 200 and call.method != "getUpdates"}
    assert all("not modified" in description for description in refused)
