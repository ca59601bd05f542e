"""The real python-telegram-bot against our own Telegram: what it accepts, refuses, breaks and remembers."""

import asyncio
import io
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputPollOption,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    PollAnswerHandler,
    filters,
)
from telegram.request import HTTPXRequest

from tests.platform.telegram_html import MarkupError, parse_html
from tests.platform.telegram_limits import LIMITS
from tests.platform.telegram_people import Group, Person
from tests.platform.telegram_server import TelegramServer

App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE


@pytest.fixture(autouse=True)
def times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without it the library warns while it makes a RetryAfter, and a warning is an error here.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def client(server: TelegramServer) -> ExtBot[None]:
    return client_of(server.url, server.token)


def client_of(url: str, token: str) -> ExtBot[None]:
    # Reading the certificate bundle, twice a bot, would take most of this file's time; the server speaks plain HTTP.
    send, poll = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    files = f"{url}/file/bot"
    return ExtBot(token, base_url=f"{url}/bot", base_file_url=files, request=send, get_updates_request=poll)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with client(server) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slow(clock: Clock) -> AsyncIterator[TelegramServer]:
    """A server whose time stands still."""
    async with TelegramServer(clock=clock) as running:
        yield running


@pytest.fixture
async def anna(server: TelegramServer) -> Person:
    person = server.person("Anna", language="en")
    await person.says("/start")
    return person


def keyboard(*rows: list[str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows])


def picture(width: int, height: int) -> bytes:
    """A white PNG."""
    out = io.BytesIO()
    Image.new("1", (width, height), 1).save(out, "PNG")
    return out.getvalue()


@asynccontextmanager
async def polling(server: TelegramServer, *handlers: Any) -> AsyncIterator[App]:
    app = Application.builder().bot(client(server)).build()
    app.add_handlers(list(handlers))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(timeout=30)
        try:
            yield app
        finally:
            await app.updater.stop()
            await app.stop()


async def ask(update: Update, _context: Context) -> None:
    assert update.message is not None
    await update.message.reply_html("<b>2 + 2?</b>", reply_markup=keyboard(["A. 3", "B. 4"], ["Back"]))


async def grade(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Noted")
    await query.edit_message_text(f"{'Right' if query.data == 'B. 4' else 'Wrong'}: {query.data}")


@asynccontextmanager
async def quiz(server: TelegramServer) -> AsyncIterator[App]:
    async with polling(server, CommandHandler("quiz", ask), CallbackQueryHandler(grade)) as app:
        yield app


async def refused(attempt: Awaitable[object], words: str, error: type[Exception] = BadRequest) -> None:
    with pytest.raises(error) as caught:
        await attempt
    assert words.lower() in str(caught.value).lower()


# Conversations


async def test_a_person_asks_taps_and_sees_the_message_change(server: TelegramServer) -> None:
    anna = server.person("Anna", language="de")
    async with quiz(server):
        await anna.says("/quiz")
        await anna.taps("B")
        assert await anna.sees("Right") == "Right: B. 4"
    assert anna.toasts == ["Noted"]
    assert anna.last.edits == 1
    assert anna.last.edited_at is not None
    assert anna.last.buttons == ()
    assert anna.unanswered == 0
    assert [latency.reply for latency in server.latencies] == ["send", "answerCallbackQuery", "edit"]
    assert server.unknown_calls == []


async def test_a_message_shows_its_text_its_html_and_its_rows_of_buttons(server: TelegramServer) -> None:
    anna = server.person("Anna")
    async with quiz(server):
        await anna.says("/quiz")
        await anna.sees("2 + 2?")
    assert (anna.last.text, anna.last.html) == ("2 + 2?", "<b>2 + 2?</b>")
    assert anna.last.buttons == ((("A. 3", "A. 3"), ("B. 4", "B. 4")), (("Back", "Back"),))


async def test_a_missing_button_is_told_with_the_labels_there_are(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Pick", reply_markup=keyboard(["One", "Only", "Off"]))
    with pytest.raises(AssertionError, match=r"'Two'; the labels are \['One', 'Only', 'Off'\]"):
        await anna.taps("Two", timeout=0.01)
    with pytest.raises(AssertionError, match="several buttons begin with 'On'"):
        await anna.taps("On", timeout=0.01)
    await bot.send_message(anna.id, "Pick", reply_markup=keyboard(["Back", "B. 4", "B"], ["Backwards"]))
    for label in ("B", "B.", "Back", "Backw"):
        await anna.taps(label)
    tapped = [update.callback_query.data for update in await bot.get_updates() if update.callback_query]
    assert tapped == ["B", "B. 4", "Back", "Backwards"]


async def test_a_failing_look_prints_the_chat(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Hello", reply_markup=keyboard(["Go"]))
    with pytest.raises(AssertionError, match=r"Anna #1: /start\nTminus #2: Hello\n    \[Go\]"):
        await anna.sees("Goodbye", timeout=0.01)


async def test_a_forged_tap_and_one_on_another_persons_message_reach_the_bot(server: TelegramServer) -> None:
    seen: list[tuple[int, str | None, int]] = []

    async def note(update: Update, _context: Context) -> None:
        query = update.callback_query
        assert query is not None
        assert isinstance(query.message, Message)
        assert query.chat_instance
        seen.append((query.from_user.id, query.data, query.message.chat_id))
        await query.answer("No", show_alert=True)

    anna, ben = server.person("Anna"), server.person("Ben")
    async with polling(server, CommandHandler("quiz", ask), CallbackQueryHandler(note)):
        await anna.says("/quiz")
        await anna.sees("2 + 2?")
        await ben.taps_data(anna.last, "admin:drop")
        await ben.sees("No")
    assert seen == [(ben.id, "admin:drop", anna.id)]
    assert (ben.alerts, anna.toasts) == (["No"], [])


async def test_a_command_after_an_emoji_is_placed_in_utf16_units(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna", language="pt-br", id=77)
    await anna.says("🦄 see /help@tminus_test_bot now")
    (update,) = await bot.get_updates()
    assert update.message is not None
    (entity,) = update.message.entities
    assert (entity.type, entity.offset, entity.length) == ("bot_command", 7, 21)
    assert update.message.parse_entity(entity) == "/help@tminus_test_bot"
    assert update.effective_user is not None
    assert (update.effective_user.language_code, update.effective_user.id) == ("pt-br", 77)


async def test_an_edited_message_of_a_person_carries_its_edit_date(bot: Bot, anna: Person) -> None:
    message = await anna.says("tpyo")
    await anna.edits(message, "typo")
    updates = await bot.get_updates()
    assert updates[-1].edited_message is not None
    assert updates[-1].edited_message.edit_date is not None
    assert updates[-1].edited_message.text == "typo"


async def test_a_reply_keyboards_button_is_said(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Which?", reply_markup=ReplyKeyboardMarkup([["Yes", "No"]]))
    await anna.taps("No")
    assert [message.text for message in anna.chat.by_id.values()] == ["/start", "Which?", "No"]


async def test_a_vote_arrives_as_a_poll_answer(server: TelegramServer) -> None:
    chosen: asyncio.Queue[tuple[int, ...]] = asyncio.Queue()

    async def note(update: Update, _context: Context) -> None:
        assert update.poll_answer is not None
        chosen.put_nowait(update.poll_answer.option_ids)

    anna = server.person("Anna")
    await anna.says("/start")
    async with polling(server, PollAnswerHandler(note)) as app:
        sent = await app.bot.send_poll(
            anna.id,
            "2 + 2?",
            ["3", "4"],
            type="quiz",
            correct_option_ids=[1],
            is_anonymous=False,
            explanation="<b>4</b>",
            explanation_parse_mode="HTML",
        )
        assert sent.poll is not None
        assert (sent.poll.correct_option_ids, sent.poll.explanation) == ((1,), "4")
        await anna.votes(anna.last, "4")
        assert await asyncio.wait_for(chosen.get(), 2) == (1,)
        closed = await app.bot.stop_poll(anna.id, sent.message_id)
        assert closed.is_closed


# Groups


async def test_in_a_group_the_bot_sees_commands_replies_and_mentions_only(server: TelegramServer, bot: Bot) -> None:
    anna, ben = server.person("Anna"), server.person("Ben")
    group = server.group("Study group", [anna, ben])
    sent = await bot.send_message(group.id, "Hello all")
    await anna.says("chatter", where=group)
    await anna.says("/quiz", where=group)
    await ben.says("/quiz@other_bot", where=group)
    await ben.says("to you", where=group, reply_to=group.last)
    await ben.says("hey @tminus_test_bot", where=group)
    updates = await bot.get_updates(allowed_updates=["message"])
    seen = [update.message for update in updates if update.message is not None]
    assert [message.text for message in seen] == ["/quiz", "to you", "hey @tminus_test_bot"]
    assert seen[1].reply_to_message is not None
    assert seen[1].reply_to_message.message_id == sent.message_id
    assert seen[0].chat.type == "group"


async def test_without_privacy_mode_the_bot_sees_chatter() -> None:
    async with TelegramServer(privacy=False) as server, client(server) as bot:
        anna = server.person("Anna")
        await anna.says("chatter", where=server.group("Study group", [anna]))
        assert [update.message.text for update in await bot.get_updates() if update.message] == ["chatter"]
        assert bot.can_read_all_group_messages


async def test_a_migrated_group_names_its_new_id(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna")
    group = server.group("Study group", [anna])
    old = group.id
    new = group.migrates()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(old, "Hello")
    assert caught.value.new_chat_id == new == group.id
    assert (await bot.send_message(new, "Hello")).chat.type == "supergroup"
    services = [update.message for update in await bot.get_updates() if update.message]
    assert [(message.chat_id, message.migrate_to_chat_id) for message in services] == [(old, new), (new, None)]
    assert services[1].migrate_from_chat_id == old


async def test_a_forum_takes_topics_and_a_plain_group_does_not(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna")
    forum, plain = server.group("Forum", [anna], forum=True), server.group("Plain", [anna])
    topic = forum.opens_topic("Battles")
    sent = await bot.send_message(forum.id, "Hi", message_thread_id=topic)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)
    assert (await bot.send_message(forum.id, "Hi")).message_thread_id is None
    for group, thread in ((plain, topic), (forum, topic + 1000)):
        await refused(bot.send_message(group.id, "Hi", message_thread_id=thread), "message thread not found")
    forum.deletes_topic(topic)
    await refused(bot.send_message(forum.id, "Hi", message_thread_id=topic), "message thread not found")
    await refused(bot.edit_message_text("New", forum.id, sent.message_id), "message to edit not found")


async def test_what_is_said_in_a_topic_says_so(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna")
    forum = server.group("Forum", [anna], forum=True)
    topic = forum.opens_topic("Battles")
    await anna.says("/quiz", where=forum, thread=topic)
    await bot.send_message(forum.id, "Pick", message_thread_id=topic, reply_markup=keyboard(["A"]))
    await anna.taps("A", where=forum)
    with pytest.raises(AssertionError, match="Forum has no topic 4711"):
        await anna.says("/quiz", where=forum, thread=4711)
    said, tapped = [update for update in await bot.get_updates() if update.message or update.callback_query]
    assert said.message is not None
    assert (said.message.message_thread_id, said.message.is_topic_message) == (topic, True)
    assert tapped.callback_query is not None
    assert isinstance(tapped.callback_query.message, Message)
    assert tapped.callback_query.message.message_thread_id == topic
    with pytest.raises(AssertionError, match="Plain is no forum"):
        server.group("Plain", [anna]).opens_topic("Battles")


async def test_a_group_has_a_creator_administrators_and_members(server: TelegramServer, bot: Bot) -> None:
    anna, ben, carl, dora = map(server.person, ("Anna", "Ben", "Carl", "Dora"))
    group = server.group("Study", [anna, ben, carl])
    group.promote(ben)
    people = [anna.id, ben.id, carl.id, dora.id, server.bot.id]
    found = [await bot.get_chat_member(group.id, person) for person in people]
    assert [member.status for member in found] == ["creator", "administrator", "member", "left", "member"]
    assert [member.user.id for member in found] == people
    await refused(bot.get_chat_member(group.id, 4711), "Participant_id_invalid")
    with pytest.raises(AssertionError, match="Dora is no member of Study"):
        group.promote(dora)
    group.kicks_bot()
    await refused(bot.get_chat_member(group.id, anna.id), "bot was kicked from the group chat", Forbidden)
    await anna.says("/start")
    assert (await bot.get_chat_member(anna.id, anna.id)).status == "member"


# Votes


async def ask_quiz(server: TelegramServer, group: Group, keys: Any = (1,), **extra: Any) -> Message:
    async with client(server) as bot:
        return await bot.send_poll(
            group.id,
            "Which?",
            ["A. one", "B. two", "C. three"],
            type="quiz",
            is_anonymous=False,
            correct_option_ids=keys,
            **extra,
        )


def counts(group: Group) -> list[int]:
    return [option["voter_count"] for option in group.last.extra["poll"]["options"]]


async def test_who_votes_in_a_quiz_is_told_to_the_bot_and_votes_once(slow: TelegramServer) -> None:
    anna, ben = slow.person("Anna", language="de"), slow.person("Ben")
    group = slow.group("Study", [anna, ben])
    sent = await ask_quiz(slow, group)
    assert sent.poll is not None
    await anna.votes(group.last, "B")
    await ben.votes(group.last, "C. three")
    for again in (["A"], ["B"], []):
        with pytest.raises(AssertionError, match="there is a vote already"):
            await anna.votes(group.last, *again)
    async with client(slow) as bot:
        answers = [update.poll_answer for update in await bot.get_updates() if update.poll_answer]
    assert [(answer.poll_id, answer.user and answer.user.id, answer.option_ids) for answer in answers] == [
        (sent.poll.id, anna.id, (1,)),
        (sent.poll.id, ben.id, (2,)),
    ]
    assert answers[0].user is not None
    assert answers[0].user.language_code == "de"
    assert counts(group) == [0, 1, 1]


async def test_a_poll_with_revoting_takes_a_vote_back_and_another_one(slow: TelegramServer) -> None:
    anna = slow.person("Anna")
    group = slow.group("Study", [anna])
    await ask_quiz(slow, group, allows_revoting=True)
    with pytest.raises(AssertionError, match="there is no vote to take back"):
        await anna.votes(group.last)
    for options in (["B"], [], ["C"]):
        await anna.votes(group.last, *options)
    async with client(slow) as bot:
        answers = [update.poll_answer for update in await bot.get_updates() if update.poll_answer]
    assert [answer.option_ids for answer in answers] == [(1,), (), (2,)]
    assert counts(group) == [0, 0, 1]


async def test_several_options_are_for_polls_that_allow_them(slow: TelegramServer) -> None:
    anna = slow.person("Anna")
    group = slow.group("Study", [anna])
    await ask_quiz(slow, group)
    with pytest.raises(AssertionError, match="one option of each"):
        await anna.votes(group.last, "A", "B")
    with pytest.raises(AssertionError, match="0 options begin with 'D'"):
        await anna.votes(group.last, "D")
    sent = await ask_quiz(slow, group, keys=(0, 2), allows_multiple_answers=True)
    assert sent.poll is not None
    assert (sent.poll.correct_option_ids, sent.poll.allows_multiple_answers) == ((0, 2), True)
    await anna.votes(group.last, "C", "A")
    async with client(slow) as bot:
        (answer,) = [update.poll_answer for update in await bot.get_updates() if update.poll_answer]
    assert answer.option_ids == (0, 2)


async def test_hidden_results_are_seen_when_the_poll_closes(slow: TelegramServer) -> None:
    anna = slow.person("Anna")
    group = slow.group("Study", [anna])
    sent = await ask_quiz(slow, group, hide_results_until_closes=True)
    await anna.votes(group.last, "B")
    assert (counts(group), group.last.extra["poll"]["total_voter_count"]) == ([0, 0, 0], 1)
    async with client(slow) as bot:
        closed = await bot.stop_poll(group.id, sent.message_id)
    assert [option.voter_count for option in closed.options] == [0, 1, 0]


@pytest.mark.parametrize("limit", [{"open_period": 20}, {"close_date": 1020}])
async def test_a_poll_closes_by_itself_when_its_time_is_over(clock: Clock, limit: dict[str, Any]) -> None:
    async with TelegramServer(clock=clock, wall=lambda: 1000.0) as slow, client(slow) as bot:
        anna, ben = slow.person("Anna"), slow.person("Ben")
        group = slow.group("Study", [anna, ben])
        sent = await ask_quiz(slow, group, **limit)
        clock.now += 19.9
        await anna.votes(group.last, "B")
        clock.now += 0.1
        with pytest.raises(AssertionError, match="the poll is closed"):
            await ben.votes(group.last, "B")
        await refused(bot.stop_poll(group.id, sent.message_id), "poll has already been closed")
        assert group.last.extra["poll"]["is_closed"]


async def test_a_poll_is_stopped_once_and_is_a_poll_of_the_bots_own(slow: TelegramServer) -> None:
    anna = slow.person("Anna")
    group = slow.group("Study", [anna])
    sent = await ask_quiz(slow, group, open_period=20)
    said = await anna.says("/quiz", where=group)
    async with client(slow) as bot:
        assert (await bot.stop_poll(group.id, sent.message_id)).is_closed
        with pytest.raises(AssertionError, match="the poll is closed"):
            await anna.votes(group.last, "B")
        await refused(bot.stop_poll(group.id, sent.message_id), "poll has already been closed")
        words = await bot.send_message(group.id, "Words")
        await refused(bot.stop_poll(group.id, words.message_id), "message is not a poll")
        await refused(bot.stop_poll(group.id, said.id), "poll can't be stopped")
        await refused(bot.stop_poll(group.id, 4711), "message with poll to stop not found")
        await refused(bot.edit_message_text("x", group.id, sent.message_id), "there is no text in the message to edit")


# Polling


async def test_updates_come_again_after_the_client_died_without_confirming(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna")
    async with client(server) as dying:
        poll = asyncio.create_task(dying.get_updates(timeout=30))
        await anna.says("one")
        first = await poll
    server.fail_next("getUpdates", "drop_after")
    await refused(bot.get_updates(), "", NetworkError)
    assert await bot.get_updates() == first
    async with client(server) as dying:
        poll = asyncio.create_task(dying.get_updates(offset=first[0].update_id + 1, timeout=30))
        await server.updates.bell.until(lambda: server.updates.is_polled, 2)
        poll.cancel()
    await anna.says("two")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["two"]


async def test_a_limit_and_a_negative_offset_pick_updates(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna")
    for text in "abc":
        await anna.says(text)
    assert [update.message.text for update in await bot.get_updates(limit=2) if update.message] == ["a", "b"]
    assert [update.message.text for update in await bot.get_updates(offset=-1) if update.message] == ["c"]
    assert len(await bot.get_updates()) == 1


async def test_kinds_the_bot_did_not_ask_for_are_not_kept(server: TelegramServer, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await server.person("Anna").says("unheard")
    assert await bot.get_updates() == ()


async def test_an_empty_long_poll_ends_when_its_time_is_over(bot: Bot) -> None:
    started = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < time.monotonic() - started < 2


async def test_a_second_poller_ends_the_first_with_a_conflict(server: TelegramServer, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await server.updates.bell.until(lambda: server.updates.is_polled, 2)
    async with client(server) as twin:
        second = asyncio.create_task(twin.get_updates(timeout=30))
        await refused(first, "terminated by other getUpdates request", Conflict)
        await server.person("Anna").says("hello")
        assert len(await second) == 1


async def test_leaving_the_server_ends_an_open_long_poll_at_once() -> None:
    async with TelegramServer() as server:
        bot = client(server)
        await bot.initialize()
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await server.updates.bell.until(lambda: server.updates.is_polled, 2)
        started = time.monotonic()
    assert await poll == ()
    assert time.monotonic() - started < 1
    await bot.shutdown()


async def test_a_webhook_wants_https_and_shuts_polling_out(bot: Bot) -> None:
    await refused(bot.set_webhook("http://example.org"), "bad webhook: An HTTPS URL must be provided for webhook")
    await bot.set_webhook("https://example.org/hook")
    assert (await bot.get_webhook_info()).url == "https://example.org/hook"
    await refused(bot.get_updates(), "can't use getUpdates method while webhook is active", Conflict)
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


# Tokens and methods


@pytest.mark.parametrize(("token", "words"), [("424242:" + "x" * 35, "Unauthorized"), ("nonsense", "Not Found")])
async def test_a_wrong_token_is_refused(server: TelegramServer, token: str, words: str) -> None:
    async with client(server) as bot:
        bot._base_url = f"{server.url}/bot{token}"
        await refused(bot.get_me(), words, InvalidToken)


async def test_an_unknown_method_is_404_and_recorded(
    server: TelegramServer, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async with aiohttp.ClientSession() as session:
        response = await session.post(f"{server.url}/bot{server.token}/sendTelepathy", json={"chat_id": 1})
        assert (response.status, await response.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )
    assert [call.method for call in server.unknown_calls] == ["sendTelepathy"]
    assert "sendTelepathy" in caplog.text


@pytest.mark.parametrize("form", ["json", "data", "params", "multipart"])
async def test_every_kind_of_body_is_read_and_method_names_ignore_case(
    server: TelegramServer, anna: Person, form: str
) -> None:
    fields = {"chat_id": str(anna.id), "text": "Hi <3"}
    options: dict[str, Any] = {form: fields}
    if form == "multipart":
        writer = aiohttp.MultipartWriter("form-data")
        for name, value in fields.items():
            writer.append(value).set_content_disposition("form-data", name=name)
        options = {"data": writer}
    async with aiohttp.ClientSession() as session:
        response = await session.post(f"{server.url}/bot{server.token}/SENDmessage", **options)
        assert (await response.json())["result"]["text"] == "Hi <3"
    assert server.calls[-1].params == fields


async def test_calls_are_kept_with_their_structures_times_and_ends(
    server: TelegramServer, bot: Bot, anna: Person
) -> None:
    before = server.clock()
    await bot.send_message(anna.id, "Hi", reply_markup=keyboard(["Go"]))
    (call,) = await server.called("sendMessage")
    assert before <= call.at <= server.clock()
    assert (call.status, call.params["text"]) == (200, "Hi")
    assert call.params["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "Go"
    with pytest.raises(AssertionError, match="sendMessage was called 1 times of 2"):
        await server.called("sendMessage", 2, timeout=0.01)


# Limits: the number itself is accepted, one more is refused


async def test_a_text_has_1_to_4096_characters_after_parsing(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "🦄" * 4096)
    await bot.send_message(anna.id, "<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert anna.last.text == "<" * 4096
    await refused(bot.send_message(anna.id, "x" * 4097), "Message is too long")
    await refused(bot.send_message(anna.id, ""), "Message text is empty")
    await refused(bot.send_message(anna.id, " \n "), "Text must be non-empty")
    await refused(bot.send_message(anna.id, "<b> </b>", parse_mode="HTML"), "Text must be non-empty")
    sent = await bot.send_message(anna.id, "short")
    await bot.edit_message_text("y" * 4096, anna.id, sent.message_id)
    await refused(bot.edit_message_text("x" * 4097, anna.id, sent.message_id), "Message is too long")


async def test_callback_data_has_1_to_64_bytes(bot: Bot, anna: Person) -> None:
    def markup(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])

    for data in ("x", "x" * 64, "é" * 32):
        await bot.send_message(anna.id, "Hi", reply_markup=markup(data))
        assert anna.last.buttons == ((("Go", data),),)
    for data in ("", "x" * 65, "é" * 32 + "x"):
        await refused(bot.send_message(anna.id, "Hi", reply_markup=markup(data)), "Button_data_invalid")


async def test_a_keyboard_has_100_buttons_and_8_in_a_row(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Hi", reply_markup=keyboard(*[["x"] * 5] * 20))
    await refused(
        bot.send_message(anna.id, "Hi", reply_markup=keyboard(*[["x"] * 5] * 20, ["x"])), "Reply markup is too long"
    )
    await bot.send_message(anna.id, "Hi", reply_markup=keyboard(["x"] * 8))
    await refused(bot.send_message(anna.id, "Hi", reply_markup=keyboard(["x"] * 9)), "Reply markup is too long")


async def test_a_button_has_a_text_and_does_something(bot: Bot, anna: Person) -> None:
    for button, words in (
        (InlineKeyboardButton(" ", callback_data="x"), "Button_text_invalid"),
        (InlineKeyboardButton("Go"), "Text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton("Go", url="ftp://example.org"), "Unsupported URL protocol"),
    ):
        await refused(bot.send_message(anna.id, "Hi", reply_markup=InlineKeyboardMarkup([[button]])), words)
    await bot.send_message(
        anna.id, "Hi", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Go", url="https://example.org")]])
    )
    with pytest.raises(AssertionError, match="it is a link"):
        await anna.taps("Go")


async def test_a_caption_has_up_to_1024_characters(server: TelegramServer, bot: Bot, anna: Person) -> None:
    png = picture(90, 60)
    sent = await bot.send_photo(anna.id, png, caption="<i>" + "x" * 1024 + "</i>", parse_mode="HTML")
    assert sent.caption_entities[0].length == 1024
    assert [(size.width, size.height, size.file_size) for size in sent.photo] == [(90, 60, len(png))]
    assert [server.files[file] for file in anna.last.file_ids.values()] == [png]
    await refused(bot.send_photo(anna.id, png, caption="x" * 1025), "Message caption is too long")
    await refused(bot.send_document(anna.id, b"pdf", caption="x" * 1025), "Message caption is too long")
    document = await bot.send_document(anna.id, io.BytesIO(b"pdf"), caption="Report", filename="report.pdf")
    assert document.document is not None
    assert (document.document.file_name, document.document.mime_type) == ("report.pdf", "application/pdf")
    await bot.edit_message_caption(anna.id, document.message_id, caption="New")
    assert anna.last.text == "New"
    await refused(bot.edit_message_text("x", anna.id, document.message_id), "There is no text in the message to edit")
    file = await bot.get_file(document.document.file_id)
    assert await file.download_as_bytearray() == b"pdf"
    await refused(bot.get_file("nothing"), "Invalid file_id")


@pytest.mark.parametrize("sides", [(5000, 5000), (2000, 100), (100, 2000)])
async def test_a_photo_up_to_telegrams_size_is_taken(bot: Bot, anna: Person, sides: tuple[int, int]) -> None:
    await bot.send_photo(anna.id, picture(*sides))


@pytest.mark.parametrize("sides", [(5001, 5000), (2001, 100), (100, 2001)])
async def test_a_photo_too_large_or_too_long_is_refused(bot: Bot, anna: Person, sides: tuple[int, int]) -> None:
    await refused(bot.send_photo(anna.id, picture(*sides)), "Photo_invalid_dimensions")
    await bot.send_document(anna.id, picture(*sides))


async def test_a_photo_is_a_picture_of_at_most_ten_megabytes(bot: Bot, anna: Person) -> None:
    await refused(bot.send_photo(anna.id, b"png"), "Image_process_failed")
    await refused(bot.send_photo(anna.id, b""), "File must be non-empty")
    padded = picture(9, 9).ljust(10 * 1024 * 1024 + 1, b"0")
    await bot.send_photo(anna.id, padded[:-1])
    await refused(bot.send_photo(anna.id, padded), "too big for a photo")


async def test_a_file_has_at_most_fifty_megabytes(bot: Bot, anna: Person) -> None:
    await bot.send_document(anna.id, bytes(50 * 1024 * 1024))
    await refused(bot.send_document(anna.id, bytes(50 * 1024 * 1024 + 1)), "Entity Too Large", NetworkError)


async def test_the_answer_to_a_tap_has_up_to_200_characters(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Hi", reply_markup=keyboard(["Go"]))
    query = await anna.taps("Go")
    await refused(bot.answer_callback_query(query, "x" * 201), "Message_too_long")
    await bot.answer_callback_query(query, "x" * 200)
    assert anna.toasts == ["x" * 200]


async def test_a_tap_is_answered_once_and_soon(server: TelegramServer, bot: Bot, anna: Person) -> None:
    words = "Query is too old and response timeout expired or query id is invalid"
    await bot.send_message(anna.id, "Hi", reply_markup=keyboard(["Go"]))
    query = await anna.taps("Go")
    await bot.answer_callback_query(query)
    await refused(bot.answer_callback_query(query), words)
    late = await anna.taps("Go")
    server.expire_taps()
    await refused(bot.answer_callback_query(late), words)
    await refused(bot.answer_callback_query("4711"), words)
    assert (anna.toasts, anna.unanswered) == ([], 1)


async def test_commands_are_100_with_names_of_32_and_descriptions_of_256(bot: Bot) -> None:
    hundred = [BotCommand(f"c{number}", "x") for number in range(100)]
    await bot.set_my_commands(hundred)
    assert list(await bot.get_my_commands()) == hundred
    await refused(bot.set_my_commands([*hundred, BotCommand("more", "x")]), "Bot_commands_too_much")
    await bot.set_my_commands([BotCommand("a" * 32, "x" * 256)])
    for name, description, words in (
        ("a" * 33, "x", "Command length must not exceed 32"),
        ("Quiz", "x", "Bot_command_invalid"),
        ("qu-iz", "x", "Bot_command_invalid"),
        ("", "x", "Command must be non-empty"),
        ("quiz", "", "Command description must be non-empty"),
        ("quiz", "x" * 257, "Command description length must not exceed 256"),
    ):
        await refused(bot.set_my_commands([(name, description)]), words)


async def test_commands_are_kept_per_scope_and_language(bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("quiz", "Practice")])
    await bot.set_my_commands([("quiz", "Üben")], scope, "de")
    assert [command.description for command in await bot.get_my_commands()] == ["Practice"]
    assert [command.description for command in await bot.get_my_commands(scope, "de")] == ["Üben"]
    await bot.delete_my_commands(scope, "de")
    assert await bot.get_my_commands(scope, "de") == ()
    await refused(bot.set_my_commands([("quiz", "x")], language_code="deu"), "Invalid language code specified")


async def test_descriptions_have_up_to_512_and_120_characters(bot: Bot) -> None:
    await bot.set_my_description("x" * 512)
    await bot.set_my_description("Hallo", "de")
    assert (await bot.get_my_description("de")).description == "Hallo"
    assert (await bot.get_my_description("fr")).description == "x" * 512
    await refused(bot.set_my_description("x" * 513), "description is too long")
    await bot.set_my_short_description("x" * 120)
    assert (await bot.get_my_short_description()).short_description == "x" * 120
    await refused(bot.set_my_short_description("x" * 121), "short description is too long")


@pytest.mark.parametrize(
    ("fine", "over", "words"),
    [
        ({"question": "q" * 300}, {"question": "q" * 301}, "Poll question length must not exceed 300"),
        ({"options": ["o" * 100]}, {"options": ["o" * 101]}, "Poll options length must not exceed 100"),
        ({"options": list("abcdefghijkl")}, {"options": list("abcdefghijklm")}, "Poll can't have more than 12 options"),
        ({"options": ["a"]}, {"options": []}, "Poll must have at least one answer option"),
        ({"explanation": "e" * 200}, {"explanation": "e" * 201}, "Quiz explanation is too long"),
        ({"explanation": "a\nb\nc"}, {"explanation": "a\nb\nc\nd"}, "Quiz explanation has too many line feeds"),
        ({"description": "d" * 1024}, {"description": "d" * 1025}, "Poll description is too long"),
        ({"open_period": 5}, {"open_period": 4}, "Invalid poll auto-close time"),
        ({"open_period": 2_628_000}, {"open_period": 2_628_001}, "Invalid poll auto-close time"),
        ({"correct_option_ids": [0]}, {"correct_option_ids": []}, "Correct quiz option list must be non-empty"),
        ({}, {"correct_option_ids": [1, 0], "options": ["a", "b"]}, "Correct quiz option list must be increasing"),
        ({}, {"correct_option_ids": [1]}, "Wrong quiz correct_option_id"),
    ],
)
async def test_a_quiz_stays_within_its_limits(
    bot: Bot, anna: Person, fine: dict[str, Any], over: dict[str, Any], words: str
) -> None:
    base = {"question": "Why?", "options": ["a"], "correct_option_ids": [0], "type": "quiz", "is_anonymous": False}
    assert (await bot.send_poll(anna.id, **{**base, **fine})).poll is not None
    await refused(bot.send_poll(anna.id, **{**base, **over}), words)


async def test_a_poll_takes_options_as_objects(bot: Bot, anna: Person) -> None:
    sent = await bot.send_poll(anna.id, "Why?", [InputPollOption("a"), InputPollOption("b")])
    assert sent.poll is not None
    assert [option.text for option in sent.poll.options] == ["a", "b"]


def test_every_limit_names_its_page() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
    assert all(limit.source.startswith("https://") and limit.number > 0 and limit.unit for limit in LIMITS)


# Markup


@pytest.mark.parametrize(
    ("markup", "text", "kinds"),
    [
        ("<b>a</b><strong>b</strong>", "ab", ["bold", "bold"]),
        ("<i>a</i><em>b</em>", "ab", ["italic", "italic"]),
        ("<u>a</u><ins>b</ins>", "ab", ["underline", "underline"]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", ["strikethrough"] * 3),
        ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", ["spoiler", "spoiler"]),
        ("<b>a<i>b</i></b>", "ab", ["bold", "italic"]),
        ('<a href="https://example.org/?a=1&amp;b=2">x</a>', "x", ["text_link"]),
        ('<a href="tg://user?id=7">x</a>', "x", ["text_mention"]),
        ("<a href='nowhere'>x</a>", "x", []),
        ("<code>a</code>", "a", ["code"]),
        ('<pre><code class="language-python">a</code></pre>', "a", ["pre"]),
        ("<blockquote>a</blockquote>", "a", ["blockquote"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote"]),
        ('<tg-emoji emoji-id="5368324170671202286">a</tg-emoji>', "a", ["custom_emoji"]),
        ('<tg-time unix="1647531900" format="wDT">a</tg-time>', "a", ["date_time"]),
        ("&lt;b&gt; &amp;amp; &quot;&#x1F984;&#65;&nbsp;&copy", '<b> &amp; "🦄A&nbsp;&copy', []),
        ("a > b & c", "a > b & c", []),
        ("<B>a</B >", "a", ["bold"]),
        ("<b></b>a", "a", []),
    ],
)
def test_html_is_read_as_telegram_reads_it(markup: str, text: str, kinds: list[str]) -> None:
    found, entities = parse_html(markup)
    assert (found, [entity["type"] for entity in entities]) == (text, kinds)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("<b/>", 'Unsupported start tag "b/" at byte offset 0'),
        ("1 < 2 and", 'Unsupported start tag "" at byte offset 2'),
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a<i>b</b></i>", 'Unmatched end tag at byte offset 8, expected "</i>", found "</b>"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("&#xDFDF;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(markup: str, words: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse_html(markup)
    assert words in str(caught.value)


async def test_html_travels_as_entities_and_bad_html_is_refused(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, " 🦄 <b>bold</b> /help ", parse_mode="HTML")
    assert sent.text == "🦄 bold /help"
    assert sent.parse_entities() == {sent.entities[0]: "bold", sent.entities[1]: "/help"}
    await refused(bot.send_message(anna.id, "1 < 2", parse_mode="HTML"), "Can't parse entities: Unsupported start tag")
    await refused(bot.send_message(anna.id, "*x*", parse_mode="MarkdownV2"), "unsupported parse_mode")


# Messages that are there, are not, or stay the same


async def test_an_edit_must_change_something_and_find_its_message(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "<b>Hi</b>", parse_mode="HTML", reply_markup=keyboard(["Go"]))
    same = "Message is not modified: specified new message content and reply markup are exactly the same as a current "
    same += "content and reply markup of the message"
    await refused(
        bot.edit_message_text("<b>Hi</b> ", anna.id, sent.message_id, parse_mode="HTML", reply_markup=keyboard(["Go"])),
        same,
    )
    await refused(bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard(["Go"])), same)
    edited = await bot.edit_message_text("<i>Hi</i>", anna.id, sent.message_id, parse_mode="HTML")
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard(["Stop"]))
    assert (anna.last.edits, anna.last.labels) == (2, ["Stop"])
    await refused(bot.edit_message_text("x", anna.id, 4711), "Message to edit not found")
    await refused(bot.edit_message_text("x", anna.id, 1), "Message can't be edited")


async def test_a_deleted_message_is_gone(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Hi")
    await bot.delete_message(anna.id, sent.message_id)
    assert anna.messages == []
    await refused(bot.delete_message(anna.id, sent.message_id), "Message to delete not found")
    await refused(bot.edit_message_text("x", anna.id, sent.message_id), "Message to edit not found")


async def test_a_reply_wants_its_message(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Hi", reply_to_message_id=1)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/start"
    await refused(bot.send_message(anna.id, "Hi", reply_to_message_id=99), "Message to be replied not found")
    await bot.send_message(anna.id, "Hi", reply_to_message_id=99, allow_sending_without_reply=True)


async def test_typing_is_seen_and_chats_describe_themselves(bot: Bot, anna: Person) -> None:
    await bot.send_chat_action(anna.id, "typing")
    assert anna.chat.actions == ["typing"]
    await refused(bot.send_chat_action(anna.id, "thinking"), "Wrong parameter action in request")
    assert (await bot.get_chat(anna.id)).first_name == "Anna"


# Doors that are shut


async def test_a_bot_cannot_write_first_nor_to_nobody(server: TelegramServer, bot: Bot) -> None:
    anna = server.person("Anna")
    await refused(bot.send_message(anna.id, "Hi"), "Forbidden: bot can't initiate conversation with a user", Forbidden)
    await refused(bot.send_message(4711, "Hi"), "Chat not found")
    await anna.says("/start")
    await bot.send_message(anna.id, "Hi")


async def test_a_bot_is_blocked_unblocked_and_outlives_an_account(bot: Bot, anna: Person) -> None:
    anna.blocks_bot()
    await refused(bot.send_message(anna.id, "Hi"), "Forbidden: bot was blocked by the user", Forbidden)
    with pytest.raises(AssertionError, match="has blocked the bot"):
        await anna.says("hello")
    anna.unblocks_bot()
    await bot.send_message(anna.id, "Hi")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
    anna.deactivates()
    await refused(bot.send_message(anna.id, "Hi"), "Forbidden: user is deactivated", Forbidden)


async def test_a_kicked_bot_is_told_so(server: TelegramServer, bot: Bot) -> None:
    group = server.group("Study group", [server.person("Anna")])
    group.kicks_bot()
    await refused(bot.send_message(group.id, "Hi"), "Forbidden: bot was kicked from the group chat", Forbidden)
    group.adds_bot()
    await bot.send_message(group.id, "Hi")


# Floods and faults


async def test_a_flood_names_its_wait_for_one_chat_or_for_all(server: TelegramServer, bot: Bot, anna: Person) -> None:
    ben = server.person("Ben")
    await ben.says("/start")
    server.flood(anna.chat, retry_after=7, times=2)
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(anna.id, "Hi")
        assert caught.value._retry_after.total_seconds() == 7
    await bot.send_message(ben.id, "Hi")
    await bot.send_message(anna.id, "Hi", reply_markup=keyboard(["Go"]))
    query = await anna.taps("Go")
    server.flood(retry_after=1)
    await bot.answer_callback_query(query)
    await refused(bot.send_message(ben.id, "Hi"), "Retry in 0:00:01", RetryAfter)
    await bot.send_message(ben.id, "Hi")
    assert [call.status for call in server.calls_of("sendMessage")].count(429) == 3


@asynccontextmanager
async def strict() -> AsyncIterator[tuple[TelegramServer, Bot, Clock]]:
    clock = Clock()
    async with (
        TelegramServer(enforce_rates=True, clock=clock) as server,
        client(server) as bot,
    ):
        yield server, bot, clock


async def test_a_group_takes_20_messages_and_edits_a_minute() -> None:
    async with strict() as (server, bot, clock):
        group = server.group("Study group", [server.person("Anna")])
        sent = await bot.send_message(group.id, "0")
        for number in range(1, 20):
            clock.now += 1
            await bot.edit_message_text(str(number), group.id, sent.message_id)
        clock.now += 1
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "one too many")
        assert caught.value._retry_after.total_seconds() == 40
        clock.now += 40
        await bot.send_message(group.id, "again")
        assert server.busiest(group) == 20


async def test_a_stopped_poll_counts_as_an_edit() -> None:
    async with strict() as (server, bot, clock):
        group = server.group("Study", [server.person("Anna")])
        for _ in range(10):
            sent = await ask_quiz(server, group)
            await bot.stop_poll(group.id, sent.message_id)
            clock.now += 4
        await refused(bot.send_message(group.id, "one too many"), "Retry in 0:00:20", RetryAfter)


async def test_the_busiest_minute_is_counted_where_no_rate_is_kept(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as server, client(server) as bot:
        anna = server.person("Anna")
        group, quiet = server.group("Study", [anna]), server.group("Quiet", [anna])
        assert server.busiest(group) == 0
        for number in range(24):
            sent = await bot.send_message(group.id, str(number))
            clock.now += 2.5
        clock.now += 100
        await bot.edit_message_text("x", group.id, sent.message_id)
        await bot.send_message(quiet.id, "x")
        assert (server.busiest(group), server.busiest(quiet)) == (24, 1)
        await bot.send_message(group.id, "x")
        server.flood(group, times=30)
        for _ in range(30):
            await refused(bot.send_message(group.id, "x"), "Retry in", RetryAfter)
        assert server.busiest(group) == 24


async def test_a_chat_takes_a_short_burst_and_then_one_message_a_second() -> None:
    async with strict() as (server, bot, clock):
        anna = server.person("Anna")
        await anna.says("/start")
        for _ in range(5):
            await bot.send_message(anna.id, "Hi")
        await refused(bot.send_message(anna.id, "Hi"), "Retry in", RetryAfter)
        clock.now += 5
        await bot.send_message(anna.id, "Hi")


async def test_all_chats_together_take_30_messages_a_second() -> None:
    async with strict() as (server, bot, clock):
        crowd = [server.person(f"P{number}") for number in range(31)]
        for person in crowd:
            await person.says("/start")
        for person in crowd[:30]:
            await bot.send_message(person.id, "Hi")
        await refused(bot.send_message(crowd[30].id, "Hi"), "Retry in 0:00:01", RetryAfter)
        clock.now += 1
        await bot.send_message(crowd[30].id, "Hi")


async def test_a_bad_gateway_and_a_lost_connection_are_network_errors(
    server: TelegramServer, bot: Bot, anna: Person
) -> None:
    server.fail_next("sendMessage", "bad_gateway")
    await refused(bot.send_message(anna.id, "one"), "Bad Gateway", NetworkError)
    server.fail_next("sendMessage", "drop_before")
    await refused(bot.send_message(anna.id, "two"), "", NetworkError)
    assert anna.messages == []
    server.fail_next("sendMessage", "drop_after")
    await refused(bot.send_message(anna.id, "three"), "", NetworkError)
    server.fail_next("*", "server_error")
    await refused(bot.send_message(anna.id, "four"), "Internal Server Error", NetworkError)
    assert [message.text for message in anna.messages] == ["three"]
    assert [call.status for call in server.calls_of("sendMessage")] == [502, 0, 0, 500]


async def test_any_refusal_can_be_asked_for(server: TelegramServer, bot: Bot, anna: Person) -> None:
    server.refuse_next("sendMessage", 400, "Bad Request: TOPIC_CLOSED")
    await refused(bot.send_message(anna.id, "Hi"), "Topic_closed")
    await bot.send_message(anna.id, "Hi")


async def test_a_delay_holds_the_answer_back_but_not_the_deed(server: TelegramServer, bot: Bot, anna: Person) -> None:
    server.delay(0.2, "sendMessage")
    started = time.monotonic()
    sending = asyncio.create_task(bot.send_message(anna.id, "Hi"))
    await anna.sees("Hi")
    assert time.monotonic() - started < 0.2
    await sending
    assert time.monotonic() - started >= 0.2


async def test_an_application_survives_a_lost_poll(server: TelegramServer) -> None:
    async def echo(update: Update, _context: Context) -> None:
        assert update.message is not None
        await update.message.reply_text(f"You said {update.message.text}")

    anna = server.person("Anna")
    server.fail_next("getUpdates", "drop_after")
    async with polling(server, MessageHandler(filters.TEXT, echo)):
        await anna.says("hello")
        await anna.sees("You said hello", timeout=5)


# Alone


Act = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def alone() -> AsyncIterator[tuple[str, Act]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.platform.telegram_server",
        "--token",
        "5:" + "t" * 30,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:

        async def act(name: str, body: object) -> Any:
            async with session.post(f"{url}/control/{name}", data=json.dumps(body)) as response:
                return await response.json()

        try:
            yield url, act
        finally:
            process.terminate()
            assert await process.wait() == 0


async def test_a_server_of_its_own_process_is_ruled_over_http() -> None:
    async with alone() as (url, act), client_of(url, "5:" + "t" * 30) as bot:
        anna = (await act("person", {"name": "Anna"}))["id"]
        await act("says", [{"person": anna, "text": "/start"}, {"person": anna, "text": "/quiz"}])
        assert len(await bot.get_updates()) == 2
        await bot.send_message(anna, "Pick", reply_markup=keyboard(["A", "B"]))
        assert (await act("sees", {"person": anna, "text": "Pick"}))["text"] == "Pick"
        query = (await act("taps", {"person": anna, "label": "B"}))["callback_query_id"]
        await bot.answer_callback_query(query, "Noted")
        assert await act("toasts", {"person": anna}) == ["Noted"]
        assert [message["buttons"] for message in await act("chat", {"chat": anna})] == [[[["A", "A"], ["B", "B"]]]]
        latencies = await act("latencies", {})
        assert [latency["reply"] for latency in latencies] == ["send", "answerCallbackQuery"]
        assert all(latency["latency_s"] > 0 for latency in latencies)
        assert [call["method"] for call in await act("calls", {"since": 1})][-1] == "answerCallbackQuery"
        assert "labels are ['A', 'B']" in (await act("taps", {"person": anna, "label": "C", "timeout": 0}))["error"]
        ben = (await act("person", {"name": "Ben"}))["id"]
        forum = (await act("group", {"title": "Forum", "members": [anna, ben], "forum": True}))["id"]
        thread = (await act("topic", {"chat": forum, "title": "Battles"}))["thread"]
        await act("promote", {"chat": forum, "person": ben})
        assert (await bot.get_chat_member(forum, ben)).status == "administrator"
        await bot.send_poll(forum, "Which?", ["A", "B"], is_anonymous=False, message_thread_id=thread)
        assert "at" in await act("votes", {"person": ben, "chat": forum, "options": ["B"]})
        assert "begin with 'C'" in (await act("votes", {"person": ben, "chat": forum, "options": ["C"]}))["error"]
        assert await act("busiest", {"chat": forum}) == 1
        await act("flood", {"retry_after": 9})
        await refused(bot.send_message(anna, "Hi"), "Retry in 0:00:09", RetryAfter)
