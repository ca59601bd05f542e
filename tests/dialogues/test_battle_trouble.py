"""What befalls a battle: topics and threads, groups that move, messages that go, names that bite, a restart."""

from tests.dialogues.chat import World
from tests.dialogues.stage import DiscordRoom, Room, Shown, Stage, TelegramRoom, open_stage
from tests.platform.discord_seen import Seen
from tests.platform.telegram_people import Person
from tests.platform.telegram_world import Message
from tests.store.engines import on_sqlite

HOSTILE = ("<b>Eve</b> & *_`~|", "[x](https://evil.example) @everyone", "\u202eevil\u2066 \u200b", "Z" * 200)


async def _plays(stage: Stage, room: Room, people: list[Person], number: int) -> Shown:
    """A round in which all are right; gives its question."""
    question = await room.asks(number)
    await stage.passes(8)
    for who in people:
        await room.answers(who, stage.keys(question.text), question)
    await stage.until(lambda: room.question is None)
    return question


async def _begins(stage: Stage, room: TelegramRoom, people: list[Person], thread: int | None = None) -> None:
    await room.says(people[0], "/battle 5", thread=thread)
    await stage.passes(1)
    for who in people[1:]:
        await room.does(who, "Join")
    await stage.passes(9)
    await room.does(people[0], "Start")


@on_sqlite
async def test_in_a_forum_all_of_it_stays_in_its_topic(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        people = [stage.telegram.person(name) for name in ("Anna", "Ben")]
        group = stage.telegram.group("Forum", people, forum=True)
        thread = group.opens_topic("Quiz")
        room = TelegramRoom(stage, group)
        await _begins(stage, room, people, thread)
        for number in range(1, 6):
            await _plays(stage, room, people, number)
        await stage.until(lambda: room.has("Over after 5 rounds"))
        await room.does(people[0], "Board")
        await stage.passes(16)
        await room.does(people[0], "Rematch")
        await stage.passes(2)
        assert [message.extra.get("message_thread_id") for message in group.messages] == [thread] * len(group.messages)
        assert room.last.text.startswith("Quiz battle")


@on_sqlite
async def test_a_group_that_becomes_a_supergroup_in_mid_battle_goes_on(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        people = [stage.telegram.person(name) for name in ("Anna", "Ben")]
        group = stage.telegram.group("Study", people)
        room = TelegramRoom(stage, group)
        await _begins(stage, room, people)
        await _plays(stage, room, people, 1)
        question = await room.asks(2)
        await room.answers(people[0], stage.keys(question.text), question)
        group.migrates()
        assert "locked" in await room.answers(people[1], stage.keys(question.text), question)
        await stage.until(lambda: room.question is None)
        for number in range(3, 6):
            await _plays(stage, room, people, number)
        await stage.until(lambda: room.has("Over after 5 rounds"))
        assert room.last.text.count("5 of 5 right") == 2


@on_sqlite
async def test_a_question_that_was_deleted_on_telegram_has_its_result_all_the_same(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        people = [stage.telegram.person(name) for name in ("Anna", "Ben")]
        group = stage.telegram.group("Study", people)
        room = TelegramRoom(stage, group)
        await _begins(stage, room, people)
        question = await room.asks(1)
        await room.answers(people[0], stage.keys(question.text), question)
        del group.by_id[question.id]
        await stage.until(lambda: room.has("Right: "))
        assert "Anna" in room.find("Right: ").text
        await _plays(stage, room, people, 2)


@on_sqlite
async def test_names_that_bite_are_names(arena: World) -> None:
    async with open_stage(arena, telegram=True, discord=True) as stage:
        people = [stage.telegram.person(name) for name in HOSTILE]
        here = TelegramRoom(stage, stage.telegram.group("Study", people))
        await _begins(stage, here, people)
        members = [stage.discord.person(name) for name in HOSTILE]
        there = DiscordRoom(stage, stage.discord.guild("Home", members))
        await there.runs(members[0], "battle", **{"with": "5"})
        await stage.passes(1)
        for who in members[1:]:
            await there.does(who, "Join")
        await stage.passes(5)
        await there.does(members[0], "Start")
        for room, players in ((here, people), (there, members)):
            question = await room.asks(1)
            for player in players:
                await room.answers(player, stage.keys(question.text), question)
        await stage.until(lambda: here.has("4 of 4 right") and there.has("4 of 4 right"))
        for room in (here, there):
            shown = room.find("4 of 4 right").text
            assert "<b>Eve</b> & *_`~|" in shown
            assert "[x](https://evil.example) @" in shown
            assert "@everyone" not in shown
            assert "\u202e" not in shown
            assert "ZZZ… " in shown
        message = here.find("4 of 4 right").source
        assert isinstance(message, Message)
        assert not any(entity.get("url") == "https://evil.example" for entity in message.entities)
        seen = there.find("4 of 4 right").source
        assert isinstance(seen, Seen)
        assert "](https://evil.example)" not in seen.text.replace("\\]\\(", "")


@on_sqlite
async def test_a_thread_of_its_own_and_a_restart_in_mid_round_on_discord(arena: World) -> None:
    async with open_stage(arena, discord=True) as stage:
        anna, ben = (stage.discord.person(name) for name in ("Anna", "Ben"))
        guild = stage.discord.guild("Home", [anna, ben])
        room = DiscordRoom(stage, guild)
        await room.runs(anna, "battle", **{"with": "5 thread"})
        await stage.passes(2)
        await room.does(ben, "Join")
        await stage.passes(4)
        await room.does(anna, "Start")
        for number in range(1, 6):
            question = await room.asks(number)
            await stage.passes(8)
            right = stage.keys(question.text)
            assert f"{right[0]}" in await room.answers(anna, right, question)
            if number == 2:
                await stage.restarts()
            if number == 3:
                stage.discord.world.delete(stage.discord.world.messages[question.id])
            assert "locked" in await room.answers(ben, right, question)
            await stage.until(lambda: room.question is None)
        await stage.until(lambda: room.has("Over after 5 rounds"))
        assert room.last.text.count("5 of 5 right") == 2
        (thread,) = guild.threads
        assert thread.name == "Quiz battle · ARENA-1"
        where = [one.source.where for one in room.shown if isinstance(one.source, Seen)]
        assert where == ["#general", *[f"#{thread.name}"] * 6]


@on_sqlite
async def test_a_restart_in_mid_round_on_telegram(arena: World) -> None:
    async with open_stage(arena, telegram=True) as stage:
        people = [stage.telegram.person(name) for name in ("Anna", "Ben")]
        room = TelegramRoom(stage, stage.telegram.group("Study", people))
        await _begins(stage, room, people)
        question = await room.asks(1)
        await room.answers(people[0], stage.keys(question.text), question)
        await stage.restarts()
        assert await room.answers(people[0], "A", question) == f"Your answer stands: {stage.keys(question.text)[0]}."
        await room.answers(people[1], stage.keys(question.text), question)
        await stage.until(lambda: room.question is None)
        assert "2 of 2 right" in room.find("Round 1 of 5").text
