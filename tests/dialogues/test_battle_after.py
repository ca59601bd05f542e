"""What comes after a battle and beside it: replays, the board, the daily question, and who is a stranger in private."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.dialogues.chat import START, World
from tests.dialogues.stage import DiscordRoom, Room, Stage, TelegramRoom, open_stage
from tests.platform.discord_people import Person as Member
from tests.platform.telegram_people import Person
from tests.store.engines import on_sqlite

BERLIN = ZoneInfo("Europe/Berlin")


async def _plays_five(stage: Stage, room: Room, people: list[Person] | list[Member]) -> None:
    """Five rounds: the first is right, the others are wrong."""
    await stage.passes(9)
    await room.does(people[0], "Start")
    for number in range(1, 6):
        question = await room.asks(number)
        await stage.passes(6)
        await room.answers(people[0], stage.keys(question.text), question)
        for who in people[1:]:
            await room.answers(who, stage.misses(question.text), question)
        await stage.until(lambda: room.question is None)
    await stage.until(lambda: room.has("Over after 5 rounds"))


async def _on_telegram(stage: Stage) -> tuple[TelegramRoom, Person, Person]:
    anna, ben = stage.telegram.person("Anna"), stage.telegram.person("Ben")
    room = TelegramRoom(stage, stage.telegram.group("Study", [anna, ben]))
    await anna.says("/start")
    await stage.settles()
    await room.says(anna, "/battle 5")
    await stage.passes(1)
    await room.does(ben, "Join")
    await _plays_five(stage, room, [anna, ben])
    return room, anna, ben


@on_sqlite
async def test_a_stranger_plays_and_is_asked_to_write_to_us(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        room, _, ben = await _on_telegram(stage)
        assert ben.messages == []
        final = room.find("Over after")
        assert "Your answers are kept. Write to me in private to go on learning from them." in final.text
        assert 'href="https://t.me/tminus_test_bot?start=battle"' in room.group.last.html
        told = await room.does(ben, "👻 Replay", final)
        assert told == "I can't write to you in private yet. Open a chat with me, send /start, then tap again."
        await ben.says("/start battle")
        await stage.settles()
        assert "battle" in ben.last.text or ben.messages
        await room.does(ben, "👻 Replay", final)
        await stage.passes(2)
        assert any("👻 Round 1 of 5" in message.text for message in ben.messages)


@on_sqlite
async def test_a_replay_in_private_keeps_the_time_of_back_then(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        _, anna, _ = await _on_telegram(stage)
        stage.world.clock.waits(days=2)
        await anna.says("/battle ghost")
        await stage.settles()
        alone = TelegramRoom(stage, anna.chat)
        for number in range(1, 6):
            question = await alone.asks(number)
            await stage.passes(3)
            await alone.answers(anna, stage.keys(question.text), question)
            await stage.until(lambda: alone.question is None)
            result = alone.find(f"Round {number} of 5").text
            assert "👻 Anna 6" in result or "👻 Anna 5" in result or "👻 Anna 7" in result, result
        await stage.until(lambda: alone.has("Over after 5 rounds"))
        final = alone.last.text
        assert final.index("Anna · 500 points") < final.index("👻 Anna · 500 points") < final.index("👻 Ben · 0 points")


@on_sqlite
async def test_a_replay_and_the_board_on_discord(arena: World) -> None:
    async with open_stage(arena, discord=True) as stage:
        anna, ben = (stage.discord.person(name) for name in ("Anna", "Ben"))
        room = DiscordRoom(stage, stage.discord.guild("Home", [anna, ben]))
        await room.runs(anna, "battle", **{"with": "5"})
        await stage.passes(1)
        await room.does(ben, "Join")
        await _plays_five(stage, room, [anna, ben])
        final = room.last
        told = await room.does(ben, "👻 Replay", final)
        assert told == "I can't write to you in private yet. Open a chat with me, send /start, then tap again."
        await ben.runs("start")
        told = await room.does(ben, "👻 Replay", final)
        assert told == "The replay begins in our private chat. 👻"
        await stage.passes(2)
        assert any("👻 Round 1 of 5" in message.text for message in ben.sees_in(ben.dm))
        await room.does(ben, "Board", final)
        await stage.passes(1)
        assert room.has("Over after 5 rounds")
        board = room.last
        assert "Board · this week" in board.text
        assert "1. Anna · 5 right of 5" in board.text
        assert "2. Ben · 0 right of 5" in board.text
        await room.does(ben, "This month", board)
        await stage.passes(1)
        assert "Board · this month" in room.last.text
        assert not room.has("Board · this week")
        await room.does(ben, "Leave me out", room.last)
        await room.runs(anna, "board")
        await stage.passes(1)
        assert "Ben" not in room.last.text


@on_sqlite
async def test_the_board_of_a_telegram_group(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        room, anna, ben = await _on_telegram(stage)
        await stage.passes(20)
        await room.says(ben, "/board")
        assert "1. Anna · 5 right of 5" in room.last.text
        await room.does(anna, "Board", room.find("Over after"))
        assert room.has("Over after 5 rounds")


@on_sqlite
async def test_a_daily_question_comes_as_a_poll_and_as_buttons(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        anna, ben = stage.telegram.person("Anna"), stage.telegram.person("Ben")
        room = TelegramRoom(stage, stage.telegram.group("Study", [anna, ben]))
        await room.says(ben, "/daily 18:00 Berlin")
        assert "Only an admin" in room.last.text
        await room.says(anna, "/daily 18:00 Berlin")
        assert "It comes at 18:00 (Europe/Berlin)." in room.last.text
        kinds = set()
        for day in range(12):
            await _comes_to(stage, day, 18)
            question = room.question
            assert question, f"none on day {day}"
            kinds.add("poll" if question.options else "buttons")
            before = len(room.shown)
            await stage.passes(3)
            await room.answers(anna, stage.keys(question.text), question)
            await room.answers(ben, stage.misses(question.text), question)
            assert len(room.shown) == before
            await _comes_to(stage, day, 21)
            if question.options:
                assert not next(one for one in room.shown if one.id == question.id).is_open
            else:
                assert "The result comes 3 h after this" in question.text
                assert await room.does(ben, "A", question) == "This round is closed."
            result = room.last.text
            assert result.startswith("Question of the day")
            assert "1 of 2 right: Anna" in result, result
            if len(kinds) == 2:
                break
        assert kinds == {"poll", "buttons"}


@on_sqlite
async def test_a_daily_question_on_discord(arena: World) -> None:
    async with open_stage(arena, discord=True) as stage:
        anna, ben = (stage.discord.person(name) for name in ("Anna", "Ben"))
        room = DiscordRoom(stage, stage.discord.guild("Home", [anna, ben]))
        told = await room.runs(anna, "daily", at="18:00 Berlin")
        assert "18:00" in told
        await _comes_to(stage, 0, 18)
        question = room.question
        assert question
        await room.answers(ben, stage.keys(question.text), question)
        await _comes_to(stage, 0, 21)
        assert "Well done: Ben" in room.last.text


async def _comes_to(stage: Stage, day: int, hour: int) -> None:
    """Time is that hour of that day in Berlin, and a little more."""
    then = (START.astimezone(BERLIN) + timedelta(days=day)).replace(hour=hour, minute=0, second=1)
    stage.leaps((then - stage.world.clock()).total_seconds())
    await stage.passes(2)
