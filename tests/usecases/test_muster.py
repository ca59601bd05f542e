"""Before a battle: its lobby, its rules, who may change them, codes of other groups, and what keeps it from abuse."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat import intent as wants
from bot.chat.incoming import Place
from bot.domain.battle import MOST_HALLS, WEAK, Ending, Kind, Mode, No, Phase, Rules
from bot.domain.ids import BattleId
from bot.domain.item import Difficulty
from bot.usecases.fought import Bar, Barred, FinalShown, Lobby, Noted, Refused, RoundShown, Told
from bot.usecases.gather import LONGEST_NAME
from bot.usecases.muster import CODE_LENGTH, CODE_LETTERS, COOLDOWN, MOST_OPENED
from tests.store.engines import on_sqlite
from tests.usecases.arena import Arena, Fighter, Group, rules_of
from tests.usecases.room import Room

PLATFORMS = ("telegram", "discord")


def told(outcome: Any) -> Told:
    assert isinstance(outcome, Noted), outcome
    return outcome.told


def no(outcome: Any) -> No:
    assert isinstance(outcome, Refused), outcome
    return outcome.no


def bar(outcome: Any) -> Bar:
    assert isinstance(outcome, Barred), outcome
    return outcome.bar


def opened(arena: Arena, group: Group, line: str = "/battle 5") -> Fighter:
    """A lobby that the group has seen, and its host."""
    anna = group("Anna")
    assert told(anna.says(line)) is Told.OPENED
    arena.delivers()
    return anna


def code_of(group: Group) -> str:
    code = group.battle.code
    assert code is not None
    return code


def linked(arena: Arena) -> tuple[Group, Group, Fighter, Fighter]:
    """A group of each platform in one lobby."""
    home, away = arena.group(), arena.group("discord", "c1")
    anna, dora = opened(arena, home, "/battle open 5"), away("Dora")
    assert told(dora.says(f"/battle join {code_of(home)}")) is Told.LINKED
    arena.delivers()
    return home, away, anna, dora


# lobbies


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_group_fights_with_a_word_on_every_platform(arena: Arena, platform: str) -> None:
    group = arena.group(platform)
    anna, ben = opened(arena, group), group("Ben")
    assert [one.what for one in group.seen] == ["lobby"]
    assert told(ben.taps("Join")) is Told.JOINED
    arena.passes(3)
    assert [player.name for player in group.last(Lobby).players] == ["Anna", "Ben"]
    assert "Anna" in group.view.text
    assert told(anna.taps("Start")) is Told.BEGUN
    arena.delivers()
    assert group.saw(RoundShown)


@on_sqlite
def test_in_private_there_is_no_battle_but_a_word(arena: Arena) -> None:
    anna = arena.group()("Anna")
    for line in ("/battle", "/battle open", "/battle join ABCDEF", "/battle race"):
        assert bar(anna.alone(line)) is Bar.PRIVATE
    assert bar(anna.alone("/battle stop")) is Bar.NO_BATTLE
    assert bar(anna.alone("/battle leave")) is Bar.NO_BATTLE
    assert bar(anna.alone("/battle ghost")) is Bar.NO_GHOST


@on_sqlite
@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_runs_so_nothing_is_left_or_stopped(arena: Arena, platform: str) -> None:
    anna = arena.group(platform)("Anna")
    for line in ("/battle stop", "/battle leave"):
        assert bar(anna.says(line)) is Bar.NO_BATTLE
    assert bar(anna.says("/battle ghost")) is Bar.NO_GHOST


def test_the_same_event_twice_opens_one_lobby(arena: Arena) -> None:
    group = arena.group()
    anna = group("Anna")
    for _ in range(2):
        assert told(anna.says("/battle", key="once")) is Told.OPENED
        arena.delivers()
    assert len(group.saw(Lobby)) == 1
    anna.says("/battle stop")
    arena.passes(60)
    assert told(anna.says("/battle", key="once")) is Told.OPENED  # come late, it is old news
    assert group.is_idle


def test_a_chat_has_one_battle_at_a_time(arena: Arena) -> None:
    group = arena.group()
    opened(arena, group)
    for line in ("/battle", "/battle open", "/battle race", "/battle ghost"):
        assert bar(group("Ben").says(line)) is Bar.RUNNING


@on_sqlite
def test_a_group_that_lets_the_bot_in_again_soon_has_a_battle(arena: Arena) -> None:
    group = arena.group("discord", "c1")
    anna = opened(arena, group, "/battle")
    with arena.room.database.outbox() as work:
        work.unreachable("discord", "c1")  # e.g. it may not write there
    assert bar(anna.says("/battle")) is Bar.COOLING
    arena.passes(COOLDOWN.total_seconds())
    assert told(anna.says("/battle")) is Told.OPENED
    assert group.battle.id == arena.newest
    arena.passes(16 * 60)
    assert arena.battle(BattleId(arena.newest - 1)).ending is Ending.EMPTY


@on_sqlite
def test_two_battles_have_a_pause_between_them(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group)
    anna.says("/battle stop")
    arena.passes(5)
    outcome = anna.says("/battle")
    assert bar(outcome) is Bar.COOLING
    assert outcome.wait_s == 11
    arena.passes(10)
    assert told(anna.says("/battle")) is Told.OPENED


@on_sqlite
def test_one_person_opens_only_so_many(arena: Arena) -> None:
    group = arena.group()
    anna = group("Anna")
    for _ in range(MOST_OPENED):
        assert told(anna.says("/battle")) is Told.OPENED
        anna.says("/battle stop")
        arena.passes(16)
    assert bar(anna.says("/battle")) is Bar.TOO_MANY
    other = arena.group(chat="-200")
    assert bar(other("Anna").says("/battle")) is Bar.TOO_MANY
    assert told(group("Ben").says("/battle")) is Told.OPENED
    assert told(group("Ben").says("/battle stop")) is Told.STOPPED
    arena.passes(3600)
    assert told(other("Anna").says("/battle")) is Told.OPENED


@on_sqlite
def test_a_lobby_that_nobody_starts_closes_by_itself(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group)
    arena.passes(15 * 60 - 1)
    assert not group.is_idle
    arena.passes(2)
    assert group.is_idle
    assert arena.battle().ending is Ending.EMPTY
    assert not group.view.buttons
    assert not group.saw(FinalShown)
    assert no(anna.does(wants.Begin(arena.newest))) is No.GONE or arena.battle().phase is Phase.OVER


# rules by words


@on_sqlite
@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ("", Rules()),
        ("race", Rules(mode=Mode.RACE)),
        ("Team 3", Rules(mode=Mode.TEAMS, rounds=5)),
        ("co-op, 30 rounds", Rules(mode=Mode.COOP, rounds=30)),
        ("sudden death on 99", Rules(mode=Mode.SUDDEN, rounds=30)),
        ("sudden-death 20s", Rules(mode=Mode.SUDDEN, seconds=20)),
        ("7 1s hard", Rules(rounds=7, seconds=10, difficulty=Difficulty.HARD)),
        ("500s auto", Rules(seconds=None)),
        ("500s", Rules(seconds=90)),
        ("modeling", Rules(scope="modeling")),
        ("easy eda", Rules(scope="exploratory-data-analysis", difficulty=Difficulty.EASY)),
        ("weak", Rules(scope=WEAK)),
        ("weak all any", Rules()),
        ("0 ٣ 0s", Rules(rounds=5, seconds=None)),
    ],
)
def test_words_choose_rules(arena: Arena, words: str, rules: Rules) -> None:
    group = arena.group()
    opened(arena, group, f"/battle {words}")
    found = group.battle.rules
    assert replace(found, seconds=found.seconds if "0s" not in words.split() else None) == rules


@on_sqlite
def test_words_that_are_no_rule_open_nothing(arena: Arena) -> None:
    group = arena.group()
    outcome = group("Anna").says("/battle qwertzuiop")
    assert bar(outcome) is Bar.UNCLEAR
    assert outcome.given == "qwertzuiop"
    near = group("Anna").says("/battle kinesis streams or so")
    assert bar(near) is Bar.UNCLEAR
    assert near.near
    assert bar(group("Anna").says("/battle case")) is Bar.EMPTY
    assert group.is_idle


@on_sqlite
def test_a_long_line_of_anything_is_borne(arena: Arena) -> None:
    group = arena.group()
    for line in ("/battle " + "9" * 4000, "/battle join " + "A" * 4000, "/battle " + "x " * 2000):
        anna = group("Anna")
        anna.says(line)
        (reply,) = anna.replies
        assert len(getattr(reply, "text", "")) <= 200


# rules by buttons


@on_sqlite
def test_the_host_taps_rules_into_place(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group)
    for rule, value in (("Mode", "Race"), ("Mode: Race", "Teams"), ("Time", "30 s"), ("Level", "Hard")):
        anna.taps("Rules") if not any(b.label.startswith(rule) for b in group.view.buttons) else None
        arena.passes(3)
        anna.taps(rule, view=group.view)
        arena.passes(3)
        anna.taps(value, view=group.view)
        arena.passes(3)
    for rule, value in (("Teams:", "3"), ("Who plays where", "Chosen"), ("Questions", "Modeling")):
        anna.taps(rule, view=group.view)
        arena.passes(3)
        anna.taps(value, view=group.view)
        arena.passes(3)
    anna.taps("Back", view=group.view)
    arena.passes(3)
    rules = group.battle.rules
    assert rules == Rules(Mode.TEAMS, 5, 30, "modeling", Difficulty.HARD, 3, picks_team=True)
    assert {button.label for button in group.view.buttons} > {"Leave", "Rules", "Start"}
    anna.taps("Start")
    assert rules_of(arena.room, group) == rules
    anna.says("/battle stop")
    arena.passes(16)
    anna.says("/battle")
    assert group.battle.rules == rules


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("mode", "chess"),
        ("rounds", "many"),
        ("rounds", "9" * 30),
        ("seconds", ""),
        ("level", "HARD"),
        ("scope", "case"),
        ("scope", "'; DROP TABLE battle; --"),
        ("teams", "-1"),
        ("teams", "9"),
        ("pick", "maybe"),
        ("thread", "1"),
        ("color", "red"),
        ("x" * 45, ""),
        ("\x00", ""),
        ("mode", "\x00"),
        ("", "\x00"),
    ],
)
def test_a_forged_rule_breaks_nothing(arena: Arena, rule: str, value: str) -> None:
    group = arena.group()
    anna = opened(arena, group)
    outcome = anna.does(wants.Arrange(arena.newest, rule, value))
    assert isinstance(outcome, Noted | Barred)
    rules = group.battle.rules
    assert rules.mode is Mode.STUDY
    assert 5 <= rules.rounds <= 30
    assert 2 <= rules.teams <= 4
    assert not rules.scope
    arena.passes(5)
    assert told(anna.does(wants.Begin(arena.newest))) is Told.BEGUN
    arena.delivers()
    assert group.saw(RoundShown)


@on_sqlite
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_host_and_admins_lead_and_nobody_else_does(arena: Arena, platform: str) -> None:
    group = arena.group(platform)
    anna, ben, carl = opened(arena, group), group("Ben"), group("Carl")
    carl.is_admin = True
    battle = arena.newest
    led = (wants.Arrange(battle, "mode", "race"), wants.Arrange(battle, ""), wants.Begin(battle), wants.Stop(battle))
    for intent in led:
        assert no(ben.does(intent)) is No.HOST
    assert no(ben.says("/battle stop")) is No.HOST
    assert told(carl.does(led[0])) is Told.ARRANGED
    assert told(anna.does(led[1])) is Told.ARRANGED
    assert told(carl.does(wants.Begin(battle))) is Told.BEGUN
    assert no(anna.does(wants.Begin(battle))) is No.STARTED
    assert no(anna.does(led[0])) is No.STARTED
    assert no(ben.does(wants.Stop(battle))) is No.HOST
    assert told(carl.says("/battle stop")) is Told.STOPPED
    for intent in led:
        assert no(anna.does(intent)) in (No.OVER, No.STARTED)


@on_sqlite
def test_buttons_of_another_chat_do_nothing(arena: Arena) -> None:
    group, other = arena.group(), arena.group(chat="-200")
    opened(arena, group)
    battle, eve = arena.newest, other("Eve")
    eve.is_admin = True
    for battle_id in (battle, type(battle)(10**12), type(battle)(2**63 - 1), type(battle)(0)):
        if battle_id == battle:
            assert no(group("Ben").does(wants.Arrange(battle, "mode", "race"))) is No.HOST
        for intent in (
            wants.Enter(battle_id),
            wants.Leave(battle_id),
            wants.Arrange(battle_id, "mode", "race"),
            wants.Begin(battle_id),
            wants.Stop(battle_id),
            wants.Strike(battle_id, 1, 0),
            wants.Rematch(battle_id),
        ):
            assert no(eve.does(intent)) is No.GONE
    for intent in (wants.Enter(battle), wants.Begin(battle), wants.Stop(battle)):
        assert no(eve.alone(intent)) is No.GONE
    assert len(arena.players()) == 1


@on_sqlite
def test_all_rules_of_a_scope_that_has_nothing_are_refused(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group)
    assert bar(anna.does(wants.Arrange(arena.newest, "scope", "nowhere"))) is Bar.UNCLEAR
    for value in ("weak", "all", "modeling"):
        assert told(anna.does(wants.Arrange(arena.newest, "scope", value))) is Told.ARRANGED


# who plays


def test_twice_in_is_once_and_leaving_costs_nothing(arena: Arena) -> None:
    group = arena.group()
    opened(arena, group)
    ben = group("Ben")
    assert told(ben.taps("Join")) is Told.JOINED
    assert no(ben.taps("Join")) is No.IN
    assert told(ben.taps("Leave")) is Told.LEFT
    assert no(ben.taps("Leave")) is No.NOT_IN
    assert no(group("Carl").taps("Leave")) is No.NOT_IN
    assert told(ben.taps("Join")) is Told.JOINED
    assert told(ben.says("/battle leave")) is Told.LEFT
    assert [player.gone for player in arena.players()] == [None, 0]


@on_sqlite
def test_a_battle_without_anybody_does_not_begin(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group)
    anna.taps("Leave")
    assert no(anna.taps("Start")) is No.ALONE
    group("Ben").taps("Join")
    assert told(anna.taps("Start")) is Told.BEGUN  # who hosts need not play


@on_sqlite
def test_whoever_comes_until_the_last_round_plays(arena: Arena) -> None:
    group = arena.group()
    anna, ben, carl = opened(arena, group), group("Ben"), group("Carl")
    anna.taps("Start")
    for _ in range(3):
        arena.plays([anna])
    arena.comes_to(Phase.OPEN)
    assert told(ben.taps("Join")) is Told.JOINED
    assert ben.player.joined == 5  # or, by an answer, the round that runs
    arena.plays([anna, ben])
    assert no(carl.taps("Join")) is No.LAST
    arena.plays_out([anna, ben])
    assert (ben.player.answers, anna.player.answers) == (2, 5)
    assert no(carl.does(wants.Enter(arena.newest))) is No.OVER
    assert no(ben.does(wants.Leave(arena.newest))) is No.OVER


@on_sqlite
def test_who_comes_back_keeps_what_they_had(arena: Arena) -> None:
    group = arena.group()
    anna, ben = opened(arena, group), group("Ben")
    ben.taps("Join")
    anna.taps("Start")
    arena.plays([anna, ben])
    arena.comes_to(Phase.OPEN)
    ben.taps("Leave")
    arena.plays([anna])  # nobody waits for who has left
    assert arena.clock.now < arena.battle().since.replace(year=2027)
    ben.taps("Join")
    arena.plays([anna, ben])
    assert (ben.player.right, ben.player.points, ben.player.gone) == (2, 200, None)


@on_sqlite
def test_teams_are_dealt_evenly_or_chosen(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group, "/battle teams 5")
    crowd = [group(name) for name in ("Ben", "Carl", "Dora", "Emil", "Finn")]
    assert [one.taps("Join").team for one in crowd] == [1, 0, 1, 0, 1]
    anna.does(wants.Arrange(arena.newest, "teams", "3"))
    assert sorted(player.team for player in arena.players()) == [0, 0, 1, 1, 2, 2]
    anna.does(wants.Arrange(arena.newest, "pick", "1"))
    assert crowd[0].does(wants.Enter(arena.newest, 2)).team == 2
    assert no(crowd[0].does(wants.Enter(arena.newest, 2))) is No.IN
    assert no(crowd[0].does(wants.Enter(arena.newest, 7))) is No.IN
    late = group("Gerd")
    assert late.does(wants.Enter(arena.newest, 2**40)).team in (0, 1)
    anna.taps("Start")
    assert no(crowd[1].does(wants.Enter(arena.newest, 0))) is No.IN


@on_sqlite
def test_balanced_teams_stay_balanced_when_some_leave(arena: Arena) -> None:
    group = arena.group()
    anna = opened(arena, group, "/battle teams 5")
    crowd = [group(name) for name in ("Ben", "Carl", "Dora")]
    for one in crowd:
        one.taps("Join")
    crowd[1].taps("Leave")
    anna.taps("Leave")
    assert told(anna.taps("Start")) is Told.BEGUN
    assert sorted(player.team for player in arena.players() if player.gone is None) == [0, 1]


@on_sqlite
@pytest.mark.parametrize("name", ["<b>x</b>" * 20, "\u202e@everyone\n", "", "*" * 300])
def test_names_are_short_and_hide_nothing(arena: Arena, name: str) -> None:
    group = arena.group()
    eve = Fighter(group, name, "eve")
    eve.says("/battle")
    arena.delivers()
    kept = eve.player.name
    assert 0 < len(kept) <= LONGEST_NAME + name.count("@")
    assert "\n" not in kept
    assert "\u202e" not in kept


# codes


def test_a_code_brings_another_platform_into_the_same_battle(arena: Arena) -> None:
    home, away, anna, dora = linked(arena)
    assert set(code_of(home)) <= set(CODE_LETTERS)
    assert len(code_of(home)) == CODE_LENGTH
    assert code_of(home) in home.seen[0].view.text
    assert [player.hall for player in arena.players()] == [0, 1]
    assert away.saw(Lobby)
    assert told(anna.taps("Start")) is Told.BEGUN
    arena.delivers()
    assert home.question.item == away.question.item
    assert home.question.round.order == away.question.round.order
    arena.plays_out([anna, dora])
    assert home.last(FinalShown).battle.totals == away.last(FinalShown).battle.totals == (500, 500)
    assert home.is_idle
    assert away.is_idle


@on_sqlite
def test_a_code_is_read_however_it_is_typed_and_serves_no_more_once_used(arena: Arena) -> None:
    home, away = arena.group(), arena.group(chat="-200")
    anna, dora = opened(arena, home, "/battle open"), away("Dora")
    code = code_of(home)
    assert bar(anna.says(f"/battle join {code}")) is Bar.OWN_CODE
    for wrong in ("", "ABC", code[:-1], code + "A", "\u0130" * 6):
        assert bar(dora.says(f"/battle join {wrong}")) is Bar.NO_CODE
    assert told(dora.says(f"/battle join {code[:3].lower()} {code[3:].lower()}")) is Told.LINKED
    assert bar(dora.says(f"/battle join {code}")) is Bar.OWN_CODE
    anna.taps("Start")
    late = arena.group(chat="-300")
    assert bar(late("Finn").says(f"/battle join {code}")) is Bar.NO_CODE


def test_a_hostile_code_is_no_code(arena: Arena) -> None:
    dora = arena.group()("Dora")
    for code in ("\x00", "AB\x00CDE", "\ud83d", "'; --"):
        assert bar(dora.does(wants.Battle(f"join {code}"))) is Bar.NO_CODE


@on_sqlite
def test_a_group_that_fights_joins_no_other_battle_and_four_are_enough(arena: Arena) -> None:
    home = arena.group()
    opened(arena, home, "/battle open")
    code = code_of(home)
    busy = arena.group(chat="-2")
    opened(arena, busy)
    assert bar(busy("Ben").says(f"/battle join {code}")) is Bar.RUNNING
    for place in range(1, MOST_HALLS):
        assert told(arena.group(chat=f"-{place + 10}")("Dora").says(f"/battle join {code}")) is Told.LINKED
    assert no(arena.group(chat="-99")("Finn").says(f"/battle join {code}")) is No.FULL
    assert len(arena.players(home.battle.id)) == 2  # Dora is one person, wherever she types


@on_sqlite
def test_teams_give_way_to_groups(arena: Arena) -> None:
    home, away = arena.group(), arena.group(chat="-200")
    opened(arena, home, "/battle open teams")
    away("Dora").says(f"/battle join {code_of(home)}")
    assert home.battle.rules.mode is Mode.STUDY


@on_sqlite
def test_a_joined_group_leaves_and_the_other_goes_on(arena: Arena) -> None:
    home, away, anna, dora = linked(arena)
    anna.taps("Start")
    arena.plays([anna, dora])
    boss = away("Boss")
    assert no(boss.does(wants.Stop(arena.newest))) is No.HOST
    boss.is_admin = True
    outcome = boss.does(wants.Stop(arena.newest))
    assert told(outcome) is Told.STOPPED
    assert not outcome.comes_by_itself  # nothing in this room says so
    assert away.is_idle
    assert not home.is_idle
    assert dora.player.gone is not None
    assert no(dora.strikes(0)) is No.GONE
    arena.plays_out([anna])
    assert not away.saw(FinalShown)
    assert arena.battle().ending is Ending.PLAYED
    assert told(dora.says("/battle")) is Told.OPENED


@on_sqlite
def test_the_admin_of_the_first_group_and_the_host_end_it_for_all(arena: Arena) -> None:
    for leader in ("admin", "host"):
        home, away = arena.group(chat=f"-1{leader}"), arena.group("discord", f"c{leader}")
        anna = home("Anna", leader)
        anna.says("/battle open")
        away("Dora").says(f"/battle join {code_of(home)}")
        boss = home("Boss")
        boss.is_admin = True
        assert told((boss if leader == "admin" else anna).says("/battle stop")) is Told.STOPPED
        assert home.is_idle
        assert away.is_idle


# threads and spots


@on_sqlite
def test_rounds_go_to_a_thread_that_branches_off_the_lobby(arena: Arena) -> None:
    group = arena.group("discord", "c1", has_threads=True)
    anna = opened(arena, group, "/battle thread 5")
    lobby = next(iter(group.receipts.values()))
    anna.taps("Start")
    arena.plays_out([anna, group("Ben")])
    assert {one.push.chat for one in group.seen if one.what != "lobby"} == {f"c1/t{lobby}"}
    assert {one.push.chat for one in group.seen if one.what == "lobby"} == {"c1"}


@on_sqlite
def test_where_no_threads_are_none_is_wanted(arena: Arena) -> None:
    group = arena.group()
    opened(arena, group, "/battle thread")
    assert not group.battle.rules.in_thread


@on_sqlite
def test_a_battle_stays_in_its_topic(arena: Arena) -> None:
    group = arena.group()
    anna = group("Anna")
    spot = Place(group.chat, is_private=False, room=group.chat, spot=f"{group.chat}/7")
    assert told(anna.says("/battle 5", place=spot)) is Told.OPENED
    assert bar(anna.says("/battle")) is Bar.RUNNING
    arena.delivers()
    anna.taps("Start")
    arena.plays_out([anna])
    assert {one.push.chat for one in group.seen} == {f"{group.chat}/7"}


# rematches


@on_sqlite
def test_anybody_asks_for_a_rematch_with_the_same_rules(arena: Arena) -> None:
    group = arena.group()
    anna, ben = opened(arena, group, "/battle race 5 20s"), group("Ben")
    anna.taps("Start")
    arena.plays_out([anna], [ben])
    first = arena.newest
    assert bar(ben.says("/battle")) is Bar.COOLING
    assert told(ben.taps("Rematch")) is Told.OPENED, "at once: the final offers it"
    assert group.battle.rules == arena.battle(first).rules
    assert group.battle.host == ben.learner
    assert bar(anna.does(wants.Rematch(first))) is Bar.RUNNING
    ben.says("/battle stop")
    arena.passes(16)
    assert told(anna.taps("Drill")) is Told.OPENED
    assert group.battle.rules.scope
    anna.says("/battle stop")
    arena.passes(16)
    assert bar(anna.does(wants.Rematch(first, "nowhere"))) is Bar.UNCLEAR


@on_sqlite
def test_a_host_who_had_everything_deleted_leaves_the_battle_to_the_others(arena: Arena, room: Room) -> None:
    group = arena.group()
    anna, ben = opened(arena, group), group("Ben")
    ben.taps("Join")
    anna.taps("Start")
    arena.plays([anna, ben])
    anna.alone("/forget")
    anna.alone(wants.Erase())
    assert [player.name for player in arena.players()] == ["Ben"]
    assert arena.battle().kind is Kind.GROUP
    arena.plays_out([ben])
    assert [one.player.name for one in group.last(FinalShown).standings] == ["Ben"]
