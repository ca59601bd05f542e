"""The gallery's part on battles: every message in every state, with the longest question and the most people."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time, timedelta

from bot.domain.battle import Battle, Ending, Hall, Kind, Mode, No, Phase, Player, Round, Rules, Struck
from bot.domain.booking import Room
from bot.domain.ids import BattleId, LearnerId, PackId
from bot.domain.item import Difficulty, MultipleResponse, SingleChoice
from bot.domain.pack import Entry, Pack
from bot.domain.score import close, standings
from bot.present.lobby import VALUES
from bot.usecases.fought import (
    Bar,
    Barred,
    BoardRow,
    BoardShown,
    DailyShown,
    FinalShown,
    Lobby,
    Missed,
    Noted,
    Refused,
    ResultShown,
    RoundShown,
    Span,
    Told,
    Waiting,
)
from bot.usecases.outcome import Outcome
from tests.dialogues.chat import START

LONGEST_NAME = 40  # characters, as the contract of `fought` has it
CROWD = 200
HALLS = tuple(
    Hall(place, Room(platform, f"-100{place}"), f"-100{place}", has_threads=platform == "discord")
    for place, platform in enumerate(("telegram", "discord", "discord", "telegram"))
)
BATTLE = Battle(BattleId(2**63 - 1), PackId("mls-c01"), LearnerId(1), Rules(), HALLS[:1], START, code="K7MQ2X")
NAMES = ("Anna", "Ben", "Cleo", "Dimitri Papadopoulos", "Ève", "نور", "Grace Hopper", "Hiro", "Ines", "Jonas", "Kim")


def players(names: Sequence[str] = NAMES, teams: int = 2) -> list[Player]:
    """People who have just joined."""
    return [Player(LearnerId(n), name, team=n % teams, joined=1) for n, name in enumerate(names, 1)]


def crowd(hostile: str, count: int = CROWD) -> list[Player]:
    """More people than any battle had, with the worst names that are let in."""
    return players([f"{hostile} {n} {'x' * LONGEST_NAME}"[:LONGEST_NAME] for n in range(count)], 4)


def round_of(item: SingleChoice | MultipleResponse, entry: Entry, number: int = 3) -> Round:
    """A round that has been open since the start."""
    order = tuple(reversed(range(len(item.options))))
    domain = entry.place.domain.domain_id
    opened = dict.fromkeys(range(len(HALLS)), START)
    return Round(number, item.item_id, entry.concept.concept_id, domain, item.version, order, 36, 16, START, opened)


def answers(
    item: SingleChoice | MultipleResponse, of: Sequence[Player], wrong: Sequence[int] = (), rash: Sequence[int] = ()
) -> list[Struck]:
    """Everybody's answer, one a second from the third on: right, but for those at these places."""
    others = [index for index in range(len(item.options)) if index not in item.keys]
    found = []
    for place, player in enumerate(of):
        size = len(item.keys)
        misses = place in wrong or place in rash
        chosen = frozenset((others * size)[place % len(others) :][:size]) if misses else item.keys
        took = timedelta(seconds=1 if place in rash else min(3.4 + place * 1.25, 52))
        found.append(Struck(player.learner, chosen, START + took, is_locked=True))
    return found


def result(
    battle: Battle, entry: Entry, of: Sequence[Player], struck: Sequence[Struck], *, as_reply: bool = False
) -> ResultShown:
    """A round as it is graded."""
    item = entry.item
    assert isinstance(item, SingleChoice | MultipleResponse)
    round_ = round_of(item, entry)
    graded = close(replace(battle, phase=Phase.OPEN), round_, item, of, struck)
    return ResultShown(battle, HALLS[0], round_, entry, item, struck, graded.marks, graded.players, {}, as_reply)


def some(pack: Pack, form: type[SingleChoice | MultipleResponse], *, longest: bool) -> Entry:
    """A question that practice may ask: the longest, or one of middling length."""
    served = [entry for variants in pack.served.values() for entry in variants if isinstance(entry.item, form)]
    ranked = sorted(served, key=_size)
    return ranked[-1] if longest else ranked[len(ranked) // 2]


def _size(entry: Entry) -> tuple[int, str]:
    item = entry.item
    assert isinstance(item, SingleChoice | MultipleResponse)
    said = sum(len(option.text) for option in item.options) + sum(
        sorted(len(option.why) for option in item.options)[-3:]
    )
    return len(item.stem) + said, item.id


def of_battles(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    """Named outcomes, each kind in each of its states; `hostile` is a text that somebody typed."""
    yield from _notices(hostile)
    yield from _lobbies(pack, hostile)
    yield from _boards_of_a_battle(pack, hostile)
    yield from _rounds(pack)
    yield from _results(pack, hostile)
    yield from _finals(pack, hostile)
    yield from _boards(pack, hostile)


def _notices(hostile: str) -> Iterator[tuple[str, Outcome]]:
    for told in Told:
        for comes in (False, True):
            yield f"told {told.value}, {comes}", Noted(told, (1,), 1, comes_by_itself=comes)
        if told is Told.CLEARED:
            yield f"told {told.value}, none left", Noted(told, (), 2)
        yield f"told {told.value}, several", Noted(told, (3, 1, 0, 4), 2, team=3)
    for no in No:
        yield f"no {no.value}", Refused(no)
        yield f"no {no.value}, one", Refused(no, (1,))
        yield f"no {no.value}, several", Refused(no, (4, 1))
    near = (f"Springfield {hostile}", "Springfield, Illinois, United States", "scope modeling")
    for bar in Bar:
        yield f"bar {bar.value}", Barred(bar, wait_s=1)
        yield f"bar {bar.value}, given", Barred(bar, hostile * 9, near, 45)
        yield f"bar {bar.value}, much", Barred(bar, "x" * 400, near * 9, 60 * 25)


def _lobbies(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    few = Lobby(BATTLE, HALLS[0], pack, players(NAMES[:3]), "", "Anna")
    yield "lobby, empty", replace(few, players=())
    yield "lobby", few
    scopes = [(topic, place.topic.title) for topic, place in pack.places.items()][:6]
    domains = [(domain, each.name) for domain, each in pack.domains.items()]
    longest = max(pack.places.items(), key=lambda each: len(each[1].topic.title))
    for mode in Mode:
        rules = Rules(mode, 5, 20, "modeling", Difficulty.HARD, 4)
        yield f"lobby, {mode.value}", replace(few, battle=replace(BATTLE, rules=rules), scope="Modeling")
    picks = Rules(Mode.TEAMS, 30, 90, longest[0], Difficulty.EASY, 4, picks_team=True, in_thread=True)
    crowded = Lobby(
        replace(BATTLE, rules=picks), HALLS[1], pack, crowd(hostile), longest[1].topic.title, hostile[:40], (), scopes
    )
    yield "lobby, teams are picked by very many", crowded
    yield "lobby, very many", replace(crowded, battle=BATTLE)
    for panel in ("rules", *VALUES, "scope"):
        yield f"lobby, {panel} shown", replace(crowded, battle=replace(crowded.battle, panel=panel), scopes=domains)
        plain = replace(few, battle=replace(BATTLE, panel=panel), scopes=[*domains, *scopes])
        yield f"lobby, {panel} shown to one team", plain
    weak = replace(BATTLE, rules=Rules(scope="weak", rounds=7), panel="rules")
    yield "lobby, of what is weak", replace(few, battle=weak)
    yield "lobby, the weak chosen", replace(few, battle=replace(weak, panel="scope"), scopes=domains)
    linked = replace(BATTLE, halls=HALLS[:2])
    rivals = [replace(player, hall=player.learner % 2) for player in players()]
    for hall in HALLS[:2]:
        yield f"lobby, two groups, to {hall.place}", Lobby(linked, hall, pack, rivals, "", "Anna")
    four = replace(linked, halls=HALLS, rules=picks)
    yield "lobby, four groups", Lobby(four, HALLS[3], pack, rivals, longest[1].topic.title, "Anna")
    others = replace(HALLS[2], room=Room("matrix", "!x"))
    odd = replace(linked, halls=(HALLS[0], replace(others, place=1)))
    yield "lobby, a platform to come", Lobby(odd, HALLS[0], pack, rivals, "", "Anna")
    yield "lobby, replay", replace(few, battle=replace(BATTLE, kind=Kind.GHOST, code=None), players=_replayers())
    yield "lobby, daily", replace(few, battle=replace(BATTLE, kind=Kind.DAILY, code=None, rules=Rules(rounds=1)))
    for ending in (None, *Ending):
        yield f"lobby, over {ending}", replace(few, battle=replace(BATTLE, phase=Phase.OVER, ending=ending))


def _replayers() -> list[Player]:
    then = [replace(player, is_ghost=True) for player in fought(players(NAMES[:3]))]
    return [*then, replace(fought(players(NAMES[:1]))[0], points=0, right=0, answers=0, streak=0)]


def fought(who: Sequence[Player], mode: Mode = Mode.STUDY, rounds: int = 5) -> list[Player]:
    """The same people after some rounds, the first the best, two of them equal."""
    found = []
    for place, player in enumerate(who):
        right = max(0, rounds - (place + 1) // 2)
        each = 940 if mode is Mode.RACE else 100
        out = None
        if mode is Mode.SUDDEN:
            out = None if place == 0 else 0 if place == len(who) - 1 else max(1, right)
        points = 0 if out == 0 else right * each - (50 if place == 4 else 0)
        found.append(
            replace(player, points=points, right=right, answers=rounds, streak=right, took_s=right * 9.0, out=out)
        )
    return found


def _boards_of_a_battle(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    for mode in Mode:
        battle = replace(
            BATTLE, phase=Phase.SHOWN, number=5, rules=Rules(mode), code=None, totals=(480.4, 391.6), share=3.4
        )
        after = fought(players(), mode)
        yield f"board of a {mode.value} battle", Lobby(battle, HALLS[0], pack, after, "", "Anna", standings(after))
    five = fought(players(NAMES[:5]), Mode.SUDDEN)
    yield "board, one plays along", Lobby(sudden_death(), HALLS[0], pack, five, "", "Anna", standings(five))
    begun = replace(BATTLE, phase=Phase.POSED, number=1, code=None)
    yield "board, first round", Lobby(begun, HALLS[0], pack, players(), "", "Anna", standings(players()))
    second = replace(begun, phase=Phase.OPEN, number=2)
    after = fought(players(), rounds=1)
    yield "board, second round", Lobby(second, HALLS[0], pack, after, "", "Anna", standings(after))
    many = fought(crowd(hostile), Mode.RACE, 30)
    rules = Rules(Mode.TEAMS, 30, teams=4)
    four = replace(second, number=30, halls=HALLS, rules=rules, totals=(90_000.0, 80_000.6, 0.0, -12.0))
    yield "board, four groups of very many", Lobby(four, HALLS[1], pack, many, "", "Anna", standings(many))
    replay = replace(second, kind=Kind.GHOST, ghost=BattleId(1))
    yield "board, replay", Lobby(replay, HALLS[0], pack, _replayers(), "", "Anna", standings(_replayers()))
    last = [replace(player, is_ghost=True) for player in after] + [Player(LearnerId(1), "Anna", idle=1)]
    yield "board, last in a replay", Lobby(replay, HALLS[0], pack, last, "", "Anna", standings(last))


def sudden_death() -> Battle:
    """One that has come to its fifth round."""
    return replace(BATTLE, phase=Phase.SHOWN, number=5, rules=Rules(Mode.SUDDEN), code=None)


def _rounds(pack: Pack) -> Iterator[tuple[str, Outcome]]:
    for form in (SingleChoice, MultipleResponse):
        for longest in (True, False):
            entry = some(pack, form, longest=longest)
            item = entry.item
            assert isinstance(item, SingleChoice | MultipleResponse)
            name = f"{'longest' if longest else 'usual'} {item.type}"
            battle = replace(BATTLE, phase=Phase.OPEN, number=3)
            shown = RoundShown(battle, HALLS[0], round_of(item, entry), entry, item, 0, 12)
            yield f"round, {name}", shown
            yield f"round, {name}, some answered", replace(shown, answered=5)
            yield f"round, {name}, replay", replace(shown, battle=replace(battle, kind=Kind.GHOST))
            for open_s in (4 * 3600, 5400):
                daily = replace(battle, kind=Kind.DAILY, rules=Rules(rounds=1), number=1, open_s=open_s)
                yield f"round, {name}, daily, {open_s} s", replace(shown, battle=daily, answered=3)
    yield "waiting", Waiting(replace(BATTLE, number=3), ("discord",))
    yield "waiting for two", Waiting(replace(BATTLE, number=3), ("telegram", "discord"))


def _results(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    many = crowd(hostile)
    for form in (SingleChoice, MultipleResponse):
        for longest in (True, False):
            entry = some(pack, form, longest=longest)
            item = entry.item
            assert isinstance(item, SingleChoice | MultipleResponse)
            name = f"{'longest' if longest else 'usual'} {item.type}"
            for mode in Mode:
                battle = replace(BATTLE, phase=Phase.SHOWN, number=3, rules=Rules(mode))
                few, mixed = players(), answers(item, players(), wrong=(1, 4, 5, 8), rash=(7,))
                yield f"result, {name}, {mode.value}", result(battle, entry, few, mixed)
                worst = answers(item, many, wrong=range(20, 100), rash=range(100, 200))
                yield f"result, {name}, {mode.value}, very many", result(battle, entry, many, worst)
            study = replace(BATTLE, phase=Phase.SHOWN, number=3)
            yield f"result, {name}, as a reply", result(study, entry, few, mixed, as_reply=True)
            yield f"result, {name}, all right", result(study, entry, few, answers(item, few))
            nobody = answers(item, few, wrong=range(len(few)))
            yield f"result, {name}, nobody right", result(study, entry, few, nobody)
            yield f"result, {name}, no answers", result(study, entry, few, ())
            sudden = replace(study, rules=Rules(Mode.SUDDEN))
            yield f"result, {name}, nobody right or out", result(sudden, entry, few, nobody)
            alone = result(study, entry, few[:1], answers(item, few[:1]))
            yield f"result, {name}, alone", alone
            daily = replace(study, kind=Kind.DAILY, rules=Rules(rounds=1))
            yield f"result, {name}, daily", result(daily, entry, few, mixed)
            then = result(study, entry, few, mixed)
            ghosts = [replace(player, is_ghost=True) for player in then.players]
            replay = replace(
                alone,
                battle=replace(study, kind=Kind.GHOST),
                players=[*ghosts, *alone.players],
                ghosts=then.marks,
            )
            yield f"result, {name}, replay", replay


def _finals(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    concepts = sorted(pack.concepts.values(), key=lambda each: len(each[1].topic.title))
    missed = [Missed(concept, place, 5 - n, 5) for n, (concept, place) in enumerate((concepts[-1], *concepts[:3]))]
    over = replace(BATTLE, phase=Phase.OVER, number=10, ending=Ending.PLAYED, totals=(812.4, 633.9), share=7.6)
    after = fought(players(), rounds=10)
    final = FinalShown(over, HALLS[0], pack, standings(after), missed, 10, has_newcomers=True, counts=True)
    for mode in Mode:
        battle, places = replace(over, rules=Rules(mode)), standings(fought(players(), mode, 10))
        yield f"final, {mode.value}", replace(final, battle=battle, standings=places)
    for ending in Ending:
        ended = replace(over, ending=ending)
        yield f"final, {ending.value}", replace(final, battle=ended, rounds=1, has_newcomers=False)
        if ending is not Ending.PLAYED:
            yield f"final, {ending.value}, no round", replace(final, battle=ended, rounds=0, standings=(), missed=())
    five = standings(fought(players(NAMES[:5]), Mode.SUDDEN))
    yield "final, one played along", replace(final, battle=replace(over, rules=Rules(Mode.SUDDEN)), standings=five)
    coop = replace(over, rules=Rules(Mode.COOP), share=6.0)
    yield "final, together but not passed", replace(final, battle=coop)
    yield "final, a draw", replace(final, battle=replace(over, rules=Rules(Mode.TEAMS), totals=(812.4, 811.6)))
    linked = replace(over, halls=HALLS, totals=(812.4, 633.9, 900.0, 2.0))
    many = standings(fought(crowd(hostile), Mode.RACE, 30))
    for hall in HALLS:
        yield f"final, four groups, to {hall.place}", replace(final, battle=linked, hall=hall, standings=many)
    equal = standings([replace(player, points=100, right=1, answers=9) for player in crowd(hostile)])
    yield "final, all equal", replace(final, standings=equal)
    nothing = standings([replace(player, points=0, answers=9) for player in players()])
    yield "final, nobody was ever right", replace(final, standings=nothing)
    alone = standings(fought(players(NAMES[:1])))
    yield "final, alone", replace(final, standings=alone, counts=False, missed=missed[:1])
    yield "final, alone and nothing missed", replace(final, standings=alone, counts=False, missed=())
    ghosts = replace(over, kind=Kind.GHOST, ghost=BattleId(1))
    yield "final, replay", replace(final, battle=ghosts, standings=standings(_replayers()), counts=False)
    yield "final, daily", replace(final, battle=replace(over, kind=Kind.DAILY), rounds=1, counts=False)


def _boards(pack: Pack, hostile: str) -> Iterator[tuple[str, Outcome]]:
    rows = [BoardRow(max(1, n), name, 34 - n, 41, 12.4 + n) for n, name in enumerate(NAMES)]
    long = [BoardRow(n, player.name, 12_345, 23_456, 61.5) for n, player in enumerate(crowd(hostile), 1)]
    domains = list(pack.domains.values())
    for span in Span:
        yield f"standings, {span.value}", BoardShown(span, None, rows, pack)
        yield f"standings, {span.value}, a domain", BoardShown(span, domains[-1], long, pack)
        yield f"standings, {span.value}, empty", BoardShown(span, None, (), None)
    yield "daily, none", DailyShown(None, None, "")
    yield "daily", DailyShown(time(18), time(21, 30), "America/Argentina/ComodRivadavia", START + timedelta(hours=9))
    yield "daily, result unknown", DailyShown(time(7, 5), None, "Europe/Berlin")
