"""Before a battle and around it: lobbies, rules, codes, begin and stop, rematches and replays."""

from dataclasses import replace
from datetime import timedelta

from bot.chat.incoming import Incoming
from bot.domain import battle as battles
from bot.domain.battle import (
    MOST_HALLS,
    ROUNDS_RANGE,
    SECONDS_RANGE,
    TEAMS_RANGE,
    WEAK,
    Battle,
    Ending,
    Hall,
    Kind,
    Mode,
    No,
    Phase,
    Rules,
)
from bot.domain.booking import Room
from bot.domain.bulletin import THREAD, What, bulletin
from bot.domain.ids import BattleId, PackId
from bot.domain.item import Difficulty
from bot.domain.learner import Learner
from bot.domain.pack import Pack
from bot.domain.selection import in_scope
from bot.ports import RoomChoice, Turn
from bot.usecases.fought import ALL, ANY, AUTO, CLOSED, PANEL, Bar, Barred, Noted, Refused, Told
from bot.usecases.gather import called
from bot.usecases.outcome import NoSuchScope
from bot.usecases.referee import end, pose, refresh_lobby, vacate
from bot.usecases.scope import CASE, find_scope

COOLDOWN = timedelta(seconds=15)  # between two battles of a room
MOST_OPENED, OPENED_IN = 8, timedelta(hours=1)  # lobbies that one person opens
GHOSTS_OF = timedelta(days=7)
MOST_LOOKED_AT = 10  # battles of a group, for the newest that can be replayed
CODE_LENGTH, CODE_LETTERS = 6, "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
RULE_SPACING_S = 1.0  # between two edits of a lobby whose rules are chosen
CHOSEN = ("mode", "rounds", "seconds", "scope", "level", "teams", "pick", "thread")  # rules, as buttons name them

Result = Noted | Refused | Barred


def battle(turn: Turn, learner: Learner, incoming: Incoming, room: Room, text: str) -> Result:
    """What a /battle with these words wants."""
    head, _, rest = text.strip().partition(" ")
    match head.lower():
        case "join" if incoming.place.room:
            return _join_by_code(turn, learner, incoming, room, rest)
        case "ghost" | "replay":
            return _replay(turn, learner, incoming, room)
        case "leave":
            running = turn.work.battle_in(room)
            return leave(turn, learner, running, room) if running else Barred(Bar.NO_BATTLE)
        case "stop":
            running = turn.work.battle_in(room)
            return stop(turn, learner, incoming, running, room) if running else Barred(Bar.NO_BATTLE)
        case _ if incoming.place.room is None:
            return Barred(Bar.PRIVATE)
        case "open":
            return _open(turn, learner, incoming, room, rest, with_code=True)
        case _:
            return _open(turn, learner, incoming, room, text, with_code=False)


def enter(
    turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId, room: Room, team: int | None
) -> Result:
    """Lets somebody play."""
    found = _of_room(turn, battle_id, room)
    if isinstance(found, Refused):
        return found
    one, hall = found
    player = battles.enter(one, turn.work.players(one.id), learner.id, called(incoming.name), hall.place, team)
    if isinstance(player, No):
        return Refused(player)
    turn.work.keep_players(one.id, [player])
    refresh_lobby(turn, one, hall)
    side = player.team if one.rules.mode is Mode.TEAMS and len(one.halls) == 1 else None
    return Noted(Told.JOINED_ASIDE if player.out == 0 else Told.JOINED, team=side)


def leave(turn: Turn, learner: Learner, battle_id: BattleId, room: Room) -> Result:
    """Somebody plays no more."""
    found = _of_room(turn, battle_id, room)
    if isinstance(found, Refused):
        return found
    one, hall = found
    player = turn.work.player(one.id, learner.id)
    if player is None:
        return Refused(No.NOT_IN)
    gone = battles.leave(one, player, has_answered=learner.id in turn.work.locked(one.id, one.number))
    if isinstance(gone, No):
        return Refused(gone)
    turn.work.update_players(one.id, [gone])
    refresh_lobby(turn, one, hall)
    if one.kind is Kind.GHOST and _is_deserted(turn, one):
        end(turn, one, Ending.STOPPED)
    return Noted(Told.LEFT)


def begin(turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId, room: Room) -> Result:
    """Starts a battle; its rules are remembered for the next one of its room."""
    found = _of_room(turn, battle_id, room)
    if isinstance(found, Refused):
        return found
    one, hall = found
    if not _may(one, hall, learner, incoming):
        return Refused(No.HOST)
    if no := battles.begin(one, turn.work.players(one.id)):
        return Refused(no)
    one = replace(one, panel="", halls=tuple(_in_thread(turn, one, hall) for hall in one.halls))
    _fit_teams(turn, one)
    _remember(turn, one)
    pose(turn, one)
    return Noted(Told.BEGUN, comes_by_itself=True)


def stop(turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId, room: Room) -> Result:
    """Ends a battle; for a room that has joined another's, its part in it."""
    found = _of_room(turn, battle_id, room)
    if isinstance(found, Refused):
        return found
    one, hall = found
    if one.phase is Phase.OVER:
        return Refused(No.OVER)
    is_guest = hall.place > 0 and one.host != learner.id
    if not (incoming.is_admin if is_guest else _may(one, hall, learner, incoming)):
        return Refused(No.HOST)
    if is_guest:
        one = one.without(hall)
        turn.work.keep_battle(one, turn.now)
        vacate(turn, one)
        for each in (*one.present, hall):
            refresh_lobby(turn, one, each)
        return Noted(Told.STOPPED)
    end(turn, one, Ending.STOPPED)
    return Noted(Told.STOPPED, comes_by_itself=True)


def arrange(
    turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId, room: Room, rule: str, value: str
) -> Result:
    """Shows what can be chosen for a rule, or chooses it."""
    found = _of_room(turn, battle_id, room)
    if isinstance(found, Refused):
        return found
    one, hall = found
    if one.phase is not Phase.LOBBY:
        return Refused(No.OVER if one.phase is Phase.OVER else No.STARTED)
    if not _may(one, hall, learner, incoming):
        return Refused(No.HOST)
    if value:
        rules = _ruled(one.rules, turn.pack_by(one.pack), rule, value)
        if rules is None:
            return Barred(Bar.UNCLEAR, value)
        if not _is_asked(turn.pack_by(one.pack), rules):
            return Barred(Bar.EMPTY, value)
        one = replace(one, rules=rules, panel=PANEL)
        _fit_teams(turn, one)
    else:
        one = replace(one, panel=rule if rule in CHOSEN else "" if rule == CLOSED else PANEL)
    turn.work.keep_battle(one, one.since + battles.LOBBY_FOR)
    for each in one.present:
        refresh_lobby(turn, one, each, RULE_SPACING_S)
    return Noted(Told.ARRANGED, comes_by_itself=True)


def rematch(turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId, room: Room, scope: str) -> Result:
    """Opens the next lobby with the rules of a battle, on a scope of its own where one is named."""
    last = turn.work.battle(battle_id)
    if last is None or not last.has_been_in(room):
        return Refused(No.GONE)
    rules = last.rules
    if scope:
        found = find_scope(turn.pack_by(last.pack), scope)
        if isinstance(found, NoSuchScope):
            return Barred(Bar.UNCLEAR, scope)
        rules = replace(rules, scope=found)
    return _lobby(turn, learner, incoming, room, rules, with_code=False, is_rematch=True)


def replay(turn: Turn, learner: Learner, incoming: Incoming, battle_id: BattleId) -> Result:
    """A replay of a battle, in private with who asks for it."""
    chat = turn.work.private_chat(learner.id, incoming.person.platform)
    if chat is None:
        return Barred(Bar.UNREACHABLE)
    home = Room(incoming.person.platform, chat)
    if _is_taken(turn, home):
        return Barred(Bar.RUNNING)
    last = turn.work.battle_as_is(battle_id)
    here = Room(incoming.person.platform, incoming.place.room or incoming.place.chat)
    if last is None or not (last.has_been_in(here) or turn.work.player(last.id, learner.id)):
        return Barred(Bar.NO_GHOST)  # a battle of others: their names are none of their business
    return _haunt(turn, learner, incoming, home, last.ghost or last.id, chat)


def _replay(turn: Turn, learner: Learner, incoming: Incoming, room: Room) -> Result:
    """In private the newest battle that somebody missed, or played; in a group the group's newest."""
    if turn.work.opened_by(incoming.key):
        return Noted(Told.OPENED if incoming.place.room else Told.REPLAYING, comes_by_itself=True)
    if _is_taken(turn, room):
        return Barred(Bar.RUNNING)
    since = turn.now - GHOSTS_OF
    if incoming.place.room is None:
        found = [*turn.work.missed_battles(learner.id, since, 1), *turn.work.played_battles(learner.id, 1)]
    else:
        last = [turn.work.battle_as_is(one) for one, _ in turn.work.last_battles(room, MOST_LOOKED_AT)]
        found = [one.id for one in last if one and _is_replayable(one)]
    if not found:
        return Barred(Bar.NO_GHOST)
    return _haunt(turn, learner, incoming, room, found[0], incoming.place.spot or room.chat)


def _is_replayable(one: Battle) -> bool:
    return one.kind is Kind.GROUP and one.phase is Phase.OVER and one.number > 0


def _haunt(turn: Turn, learner: Learner, incoming: Incoming, room: Room, battle_id: BattleId, chat: str) -> Result:
    """Begins a replay: alone at once, in a group with a lobby."""
    source = turn.work.battle_as_is(battle_id)
    if source is None or not _is_replayable(source):
        return Barred(Bar.NO_GHOST)
    is_alone = incoming.place.room != room.chat
    if not is_alone and (too_soon := _too_soon(turn, learner, room)):
        return too_soon
    rules = replace(source.rules, rounds=source.number, in_thread=False)
    if rules.mode is Mode.TEAMS:
        rules = replace(rules, mode=Mode.STUDY)
    made = _open_battle(
        turn,
        learner,
        incoming,
        Hall(0, room, chat, incoming.locale),
        rules,
        source.pack,
        kind=Kind.GHOST,
        ghost=source.id,
    )
    if made is None:
        return Barred(Bar.RUNNING)
    if is_alone:
        pose(turn, made)
        return Noted(Told.REPLAYING, comes_by_itself=incoming.place.room is None)
    turn.work.post(bulletin(made, made.halls[0], What.LOBBY, turn.now))
    return Noted(Told.OPENED, comes_by_itself=True)


def _open(turn: Turn, learner: Learner, incoming: Incoming, room: Room, text: str, *, with_code: bool) -> Result:
    """A lobby with the room's rules, changed by what the words say."""
    pack, choice = turn.pack(learner), turn.work.room_choice(room)
    rules = _read_rules(choice.rules if choice else Rules(), pack, text)
    if isinstance(rules, Barred):
        return rules
    return _lobby(turn, learner, incoming, room, rules, with_code=with_code)


def _lobby(
    turn: Turn,
    learner: Learner,
    incoming: Incoming,
    room: Room,
    rules: Rules,
    *,
    with_code: bool,
    is_rematch: bool = False,
) -> Result:
    if turn.work.opened_by(incoming.key):
        return Noted(Told.OPENED, comes_by_itself=True)
    if _is_taken(turn, room):
        return Barred(Bar.RUNNING)
    if too_soon := _too_soon(turn, learner, room, is_rematch=is_rematch):
        return too_soon
    pack = turn.pack(learner)
    if not _is_asked(pack, rules):
        rules = replace(rules, scope="", difficulty=None)
    if not incoming.place.has_threads:
        rules = replace(rules, in_thread=False)
    hall = Hall(0, room, incoming.place.spot or room.chat, incoming.locale, incoming.place.has_threads)
    made = _open_battle(turn, learner, incoming, hall, rules, pack.id, code=_code(turn) if with_code else None)
    if made is None:
        return Barred(Bar.RUNNING)
    turn.work.post(bulletin(made, hall, What.LOBBY, turn.now))
    return Noted(Told.OPENED, comes_by_itself=True)


def _too_soon(turn: Turn, learner: Learner, room: Room, *, is_rematch: bool = False) -> Barred | None:
    """Why a group has no lobby yet: it has just fought, and this is no rematch; or this person opened several."""
    for _, ended_at in () if is_rematch else turn.work.last_battles(room, 1):
        if (left := (ended_at + COOLDOWN - turn.now).total_seconds()) > 0:
            return Barred(Bar.COOLING, wait_s=int(left) + 1)
    is_much = turn.work.opened_since(learner.id, turn.now - OPENED_IN) >= MOST_OPENED
    return Barred(Bar.TOO_MANY) if is_much else None


def _open_battle(
    turn: Turn,
    learner: Learner,
    incoming: Incoming,
    hall: Hall,
    rules: Rules,
    pack: PackId,
    *,
    kind: Kind = Kind.GROUP,
    code: str | None = None,
    ghost: BattleId | None = None,
) -> Battle | None:
    """A battle with its host in it."""
    new = Battle(
        id=BattleId(0),
        pack=pack,
        host=learner.id,
        rules=rules,
        halls=(hall,),
        since=turn.now,
        kind=kind,
        code=code,
        ghost=ghost,
    )
    made = turn.work.open_battle(new, incoming.key, turn.now, turn.now + battles.LOBBY_FOR)
    if made:
        host = battles.enter(made, (), learner.id, called(incoming.name), hall.place)
        assert not isinstance(host, No)  # noqa: S101 - a lobby takes everybody
        turn.work.keep_players(made.id, [host])
    return made


def _join_by_code(turn: Turn, learner: Learner, incoming: Incoming, room: Room, code: str) -> Result:
    """Takes this room into a battle that waits under a code, and who typed it with it."""
    code = "".join(code.split()).upper()
    is_one = len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS)
    found = turn.work.battle_of_code(code) if is_one else None
    one = turn.work.battle(found) if found else None
    if one is None or one.phase is not Phase.LOBBY:
        return Barred(Bar.NO_CODE)
    if one.hall_of(room):
        return Barred(Bar.OWN_CODE)
    if turn.work.battle_in(room) is not None:  # locks none: two groups may join each other at once
        return Barred(Bar.RUNNING)
    if len(one.halls) >= MOST_HALLS:
        return Refused(No.FULL)
    place = incoming.place
    hall = Hall(len(one.halls), room, place.spot or room.chat, incoming.locale, place.has_threads)
    if not turn.work.join_hall(one.id, hall):
        return Barred(Bar.RUNNING)
    rules = replace(one.rules, mode=Mode.STUDY) if one.rules.mode is Mode.TEAMS else one.rules
    one = replace(one, rules=rules, halls=(*one.halls, hall))
    turn.work.keep_battle(one, one.since + battles.LOBBY_FOR)
    player = battles.enter(one, turn.work.players(one.id), learner.id, called(incoming.name), hall.place)
    if not isinstance(player, No):  # the host of the other room may be here, too, and stays there
        turn.work.keep_players(one.id, [player])
    turn.work.post(bulletin(one, hall, What.LOBBY, turn.now))
    for each in one.present[:-1]:
        refresh_lobby(turn, one, each)
    return Noted(Told.LINKED, comes_by_itself=True)


def _of_room(turn: Turn, battle_id: BattleId, room: Room) -> tuple[Battle, Hall] | Refused:
    """The battle, locked, if this room takes part: a button says nothing of where it was tapped."""
    one = turn.work.battle(battle_id)
    hall = one.hall_of(room) if one else None
    return (one, hall) if one and hall else Refused(No.GONE)


def _is_taken(turn: Turn, room: Room) -> bool:
    """Whether a battle is on here; one that the room was thrown out of lets it go now, not when it goes on."""
    running = turn.work.battle_in(room)
    one = turn.work.battle(running) if running else None
    if one is None or one.hall_of(room):
        return one is not None
    vacate(turn, one)
    return False


def _is_deserted(turn: Turn, one: Battle) -> bool:
    return all(player.gone is not None for player in turn.work.players(one.id))


def _may(one: Battle, hall: Hall, learner: Learner, incoming: Incoming) -> bool:
    """Whether somebody leads a battle: its host, an admin of the host's room, or whoever plays a replay alone."""
    return one.host == learner.id or (incoming.is_admin and hall.place == 0) or incoming.place.room is None


def _remember(turn: Turn, one: Battle) -> None:
    """Keeps the rules for the room's next battle."""
    if one.kind is not Kind.GROUP:
        return
    room, hall = one.halls[0].room, one.halls[0]
    kept = turn.work.room_choice(room) or RoomChoice(room, one.rules, one.pack, hall.locale, hall.chat)
    turn.work.keep_room_choice(replace(kept, rules=one.rules, pack=one.pack))


def _in_thread(turn: Turn, one: Battle, hall: Hall) -> Hall:
    """The hall with its rounds in a thread that branches off its lobby, where that is wanted and can be."""
    if not (one.rules.in_thread and hall.has_threads):
        return hall
    key = bulletin(one, hall, What.LOBBY, turn.now).key
    post = turn.work.posted([key]).get(key)
    return replace(hall, chat=f"{hall.chat}{THREAD}{post.message}") if post and post.message else hall


def _fit_teams(turn: Turn, one: Battle) -> None:
    """Deals those in the lobby out anew where they don't fit: even teams, as many as there are now."""
    if one.rules.mode is not Mode.TEAMS:
        return
    players = [player for player in turn.work.players(one.id) if player.gone is None]
    sizes = [sum(player.team == team for player in players) for team in range(one.rules.teams)]
    is_even = one.rules.picks_team or max(sizes) - min(sizes) <= 1
    if is_even and sum(sizes) == len(players):
        return
    dealt = [replace(player, team=place % one.rules.teams) for place, player in enumerate(players)]
    turn.work.update_players(one.id, dealt)


def _code(turn: Turn) -> str:
    return "".join(turn.rng.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _is_asked(pack: Pack, rules: Rules) -> bool:
    """Whether the pack has something to ask there."""
    return bool(in_scope(pack, "" if rules.scope == WEAK else rules.scope))


# rules


def _ruled(rules: Rules, pack: Pack, rule: str, value: str) -> Rules | None:  # noqa: C901 - one case a rule
    """The rules with one of them set as a button has it; None for what no button says."""
    try:
        match rule:
            case "mode":
                return replace(rules, mode=Mode(value))
            case "rounds":
                return replace(rules, rounds=_within(int(value), ROUNDS_RANGE))
            case "seconds":
                return replace(rules, seconds=None if value == AUTO else _within(int(value), SECONDS_RANGE))
            case "scope":
                if value in (ALL, WEAK):
                    return replace(rules, scope="" if value == ALL else WEAK)
                found = find_scope(pack, value)
                return None if isinstance(found, NoSuchScope) or found == CASE else replace(rules, scope=found)
            case "level":
                return replace(rules, difficulty=None if value == ANY else Difficulty(value))
            case "teams":
                return replace(rules, teams=_within(int(value), TEAMS_RANGE))
            case "pick":
                return replace(rules, picks_team=value == "1")
            case "thread":
                return replace(rules, in_thread=value == "1")
            case _:
                return None
    except ValueError:
        return None


def _within(number: int, limits: tuple[int, int]) -> int:
    return min(max(number, limits[0]), limits[1])


_MODES = {mode.value: mode.value for mode in Mode} | {"team": "teams", "co-op": "coop", "sudden-death": "sudden"}
_WORDS: dict[str, tuple[str, str]] = (
    {word: ("mode", mode) for word, mode in _MODES.items()}
    | {level.value: ("level", level.value) for level in Difficulty}
    | {
        ANY: ("level", ANY),
        AUTO: ("seconds", AUTO),
        WEAK: ("scope", WEAK),
        ALL: ("scope", ALL),
        "thread": ("thread", "1"),
    }
)


def _read_rules(rules: Rules, pack: Pack, text: str) -> Rules | Barred:
    """The rules with what the words say: "race 10 20s easy modeling"; what is no other rule is the scope's name."""
    rest: list[str] = []
    for word in text.lower().replace(",", " ").split():
        if word in _WORDS:
            rules = _ruled(rules, pack, *_WORDS[word]) or rules
        elif word.removesuffix("s").isdecimal() and len(word) < 6:
            rule = "seconds" if word.endswith("s") else "rounds"
            rules = _ruled(rules, pack, rule, word.removesuffix("s")) or rules
        else:
            rest.append(word)
    words = [word for word in rest if word not in ("rounds", "round", "seconds", "death", "on", "vs")]
    if not words:
        return rules
    found = find_scope(pack, " ".join(words))
    if isinstance(found, NoSuchScope):
        return Barred(Bar.UNCLEAR, found.given, [title for _, title in found.near[:2]])
    if found == CASE:
        return Barred(Bar.EMPTY, found)
    return replace(rules, scope=found)
