"""A group's calendar: who asked to be in it is seen by all, and cheered on the day."""

from datetime import UTC, datetime

from tests.dialogues.chat import World
from tests.dialogues.discord_chat import DiscordChat, open_discord
from tests.dialogues.telegram_chat import TelegramChat, open_telegram
from tests.store.engines import on_sqlite

EXAM_MORNING = datetime(2026, 12, 15, 6, 30, tzinfo=UTC)  # 7:30 in Berlin, an hour before it is time to leave


async def _books(chat: TelegramChat | DiscordChat) -> None:
    await chat.runs("exam", when="15 December 9:30 Berlin")
    await chat.sees("22 days to go")
    await chat.taps("Book it")
    await chat.sees("Booked.")


async def _passes_to_the_morning(chat: TelegramChat | DiscordChat, world: World) -> None:
    chat.rounds._scheduler.pause()  # no rounds but these
    world.clock.now = EXAM_MORNING
    await chat.rounds.book()
    await chat.rounds.courier.drain()


@on_sqlite
async def test_on_telegram(world: World) -> None:
    async with open_telegram(world) as chat:
        server, anna = chat.server, chat.person
        ben = server.person("Ben")
        group = server.group("Study", [anna, ben])
        await _books(chat)
        await ben.says("/calendar", where=group)
        await chat.settled()
        assert "Nobody has put an exam here yet" in group.last.text
        await ben.taps("Show mine", group.last)
        await chat.settled()
        assert "You have no exam booked with me" in ben.toasts[-1]
        await anna.taps("Show mine", group.last)
        await chat.settled()
        assert "Tue, Dec 15, 9:30 · MLS-C01 · Anna" in group.last.text
        await _passes_to_the_morning(chat, world)
        assert "Anna sits MLS-C01 today, at 9:30 (Europe/Berlin)." in group.last.text
        assert sum("Anna sits" in message.text for message in group.messages) == 1
        assert "Good morning" in anna.last.text
        assert not any("MLS-C01" in message.text for message in ben.messages)


@on_sqlite
async def test_on_discord(world: World) -> None:
    async with open_discord(world) as chat:
        server, anna = chat.server, chat.person
        ben = server.person("Ben")
        guild = server.guild("Home", [anna, ben])
        await _books(chat)
        await ben.runs("calendar", where=guild)
        await anna.sees("Nobody has put an exam here yet", ever=True)
        await ben.presses("Show mine")
        await ben.sees("You have no exam booked with me")
        await anna.presses("Show mine", where=guild)
        await ben.sees("Tue, Dec 15, 9:30 · MLS-C01 · Anna")
        await _passes_to_the_morning(chat, world)
        await ben.sees("Anna sits MLS-C01 today, at 9:30", ever=True)
        await anna.sees("Good morning")
