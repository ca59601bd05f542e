"""Leads a battle from phase to phase: poses, opens, closes, shows, ends; and writes its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import battle as battles
from bot.domain import score
from bot.domain.battle import Battle, Ending, Hall, Kind, Phase, Player, Round
from bot.domain.bulletin import What, bulletin, edit_of, read
from bot.domain.draw import draw, words_of
from bot.domain.exercise import SEEDS, Exercise
from bot.domain.ids import ItemId, LearnerId
from bot.domain.item import MultipleResponse, SingleChoice
from bot.domain.pack import Entry, Pack
from bot.domain.remind import Push, Unwelcome
from bot.domain.score import Mark
from bot.ports import Posted, Turn
from bot.usecases.fought import FinalShown, Lobby, Missed, ResultShown, RoundShown, Waiting
from bot.usecases.scope import title_of

LOOK = timedelta(seconds=0.2)  # how often what is on its way is looked for
ROUND_LOOK = timedelta(seconds=0.5)  # how often a round looks whether all have answered
LOBBY_SPACING_S, RESULT_SPACING_S = 3.0, 0.0
# Platforms where edits are cheap show how many have answered, each so many seconds; none before the end.
LIVE_S = {"discord": 5.0}
CALM = timedelta(seconds=2)  # between an edit and the next of the same message
MOST_MISSED = 3

Bulletin = Lobby | RoundShown | ResultShown | Waiting | FinalShown


def step(turn: Turn, battle: Battle) -> None:
    """Does what is due in a battle that the caller has locked, and says when to look again."""
    if len(battle.present) < len(battle.halls):
        vacate(turn, battle)
    match battle.phase:
        case Phase.LOBBY:
            _lobby(turn, battle)
        case Phase.POSED:
            _posed(turn, battle)
        case Phase.OPEN:
            _open(turn, battle)
        case Phase.SHOWN:
            _shown(turn, battle)
        case Phase.OVER:
            turn.work.keep_battle(battle, None)


def pose(turn: Turn, battle: Battle) -> None:
    """Brings the next question into every room, or ends a battle that has none."""
    pack = turn.pack_by(battle.pack)
    entry, source = _next_entry(turn, battle, pack)
    if entry is None or not isinstance(entry.item, SingleChoice | MultipleResponse):
        end(turn, battle, Ending.DRY if battle.number == 0 or battle.kind is not Kind.GHOST else Ending.PLAYED)
        return
    posed = battles.pose(battle, turn.now)
    order = list(source.order) if source else list(range(len(entry.item.options)))
    if source is None:
        turn.rng.shuffle(order)
    words = words_of(entry)
    asked = Round(
        number=posed.number,
        item=ItemId(entry.item.id),
        concept=entry.concept.concept_id,
        domain=entry.place.domain.domain_id,
        version=entry.item.version,
        order=tuple(order),
        reading_s=source.reading_s if source else 0 if battle.open_s else battles.reading_s(words),
        answer_s=source.answer_s if source else battle.open_s or battles.answer_s(battle.rules, words),
        posed_at=turn.now,
        source=source.number if source else 0,
    )
    turn.work.keep_round(posed.id, asked)
    for hall in posed.present:
        turn.work.post(bulletin(posed, hall, What.ROUND, turn.now, posed.number))
    turn.work.keep_battle(posed, turn.now + LOOK)


def end(turn: Turn, battle: Battle, why: Ending) -> None:
    """Ends a battle: its rooms are free, and see what came of it."""
    _learn_from(turn, battle)
    over = battles.end(battle, why, turn.now)
    work = turn.work
    work.keep_battle(over, None)
    work.free_halls(over.id, turn.now, counts=battles.counts(over, work.players(over.id)))
    for hall in over.present:
        refresh_lobby(turn, over, hall)
        if battle.phase in (Phase.POSED, Phase.OPEN):  # the question shows its answer, and takes none
            work.refresh(edit_of(_round_post(turn, battle, hall)), turn.now, RESULT_SPACING_S)
        if battle.number and over.kind is not Kind.DAILY:
            work.post(bulletin(over, hall, What.FINAL, turn.now))


def _learn_from(turn: Turn, battle: Battle) -> None:
    """Marks the answers of a round that won't come to its end: nobody has points for it, and who answered learns."""
    is_running = battle.phase in (Phase.POSED, Phase.OPEN)
    asked = turn.work.round(battle.id, battle.number) if is_running else None
    found = entry_of(turn, battle, asked) if asked else None
    if asked and found:
        players, strikes = turn.work.players(battle.id), turn.work.strikes(battle.id, asked.number)
        marks = score.close(battle, asked, found[1], players, strikes).marks
        turn.work.keep_marks(battle.id, asked.number, {who: replace(one, points=0) for who, one in marks.items()})


def refresh_lobby(turn: Turn, battle: Battle, hall: Hall, spacing_s: float = LOBBY_SPACING_S) -> None:
    """Books the edit of a room's lobby or board."""
    if battle.kind is not Kind.DAILY:
        turn.work.refresh(edit_of(bulletin(battle, hall, What.LOBBY, turn.now)), turn.now, spacing_s)


def vacate(turn: Turn, battle: Battle) -> None:
    """Who played in a room that is gone plays no more, and the room can have another battle."""
    present = {hall.place for hall in battle.present}
    away = [one for one in turn.work.players(battle.id) if one.hall not in present and one.gone is None]
    locked = turn.work.locked(battle.id, battle.number) if away else frozenset()
    left = [battles.leave(battle, one, has_answered=one.learner in locked) for one in away]
    turn.work.update_players(battle.id, [one for one in left if isinstance(one, Player)])
    for hall in battle.halls:
        if hall.is_gone:
            turn.work.free_hall(battle.id, hall.place, turn.now)


def entry_of(turn: Turn, battle: Battle, asked: Round) -> tuple[Entry, SingleChoice | MultipleResponse] | None:
    """A round's item as it was asked; None if the pack has changed it since."""
    entry = turn.pack_by(battle.pack).find(asked.item)
    if entry is None or not isinstance(entry.item, SingleChoice | MultipleResponse):
        return None
    return (entry, entry.item) if entry.item.version == asked.version else None


# phases


def _lobby(turn: Turn, battle: Battle) -> None:
    until = battle.since + battles.LOBBY_FOR
    if turn.now >= until or not battle.present:
        end(turn, battle, Ending.EMPTY)
    else:
        turn.work.keep_battle(battle, until)


def _posed(turn: Turn, battle: Battle) -> None:
    """Waits until every room has the question; a room whose platform gave up is no longer part of it."""
    asked = turn.work.round(battle.id, battle.number)
    assert asked is not None  # noqa: S101 - kept when it was posed
    if entry_of(turn, battle, asked) is None:  # the pack has changed since: there is nothing to show
        _close(turn, battle, asked, ())
        return
    battle, asked = _acknowledged(turn, battle, asked)
    if not battle.present:
        end(turn, battle, Ending.OUTAGE)
        return
    opens = battles.opens(battle, asked, turn.now)
    if opens.phase is Phase.OPEN:
        if opens.number == 1:  # the lobby becomes the board; from then on each result brings it up to date
            for hall in opens.present:
                refresh_lobby(turn, opens, hall)
        turn.work.keep_battle(opens, _next_look(turn, opens, asked))
    else:
        missing = [hall for hall in battle.present if hall.place not in asked.opened]
        if turn.now < battle.since + battles.GIVE_UP:
            _wait_for(turn, battle, missing)
            return
        for hall in missing:  # the others go on without it
            battle = battle.without(hall)
        turn.work.keep_battle(battle, turn.now)


def _acknowledged(turn: Turn, battle: Battle, asked: Round) -> tuple[Battle, Round]:
    """The battle without the rooms whose platform gave up, and the round with the clocks of those that have it."""
    keys = {hall: _round_post(turn, battle, hall).key for hall in battle.present}
    posts = turn.work.posted(list(keys.values()))
    opened = dict(asked.opened)
    for hall, key in keys.items():
        post = posts.get(key)
        if post and post.is_sent and post.at and hall.place not in opened:
            opened[hall.place] = post.at
        elif post is None or post.is_dropped:
            battle = battle.without(hall)
    if opened != asked.opened:
        asked = replace(asked, opened=opened)
        turn.work.keep_round(battle.id, asked)
    return battle, asked


def _open(turn: Turn, battle: Battle) -> None:
    """Closes the question when time is up in the last room, or when all have answered."""
    asked = turn.work.round(battle.id, battle.number)
    assert asked is not None  # noqa: S101 - kept when it was posed
    if not battle.present:
        end(turn, battle, Ending.OUTAGE)
        return
    closes_at = asked.closes_at(battle.present)
    players = turn.work.players(battle.id)
    locked = turn.work.locked(battle.id, asked.number)
    if closes_at is None or turn.now >= closes_at:
        _close(turn, battle, asked, players)
        return
    edits = turn.work.posted([edit_of(_round_post(turn, battle, hall)).key for hall in battle.present])
    calm_at = max((post.at + CALM for post in edits.values() if post.at), default=turn.now)
    if battle.kind is not Kind.DAILY and battles.is_answered(asked, players, locked):
        if turn.now >= calm_at and all(map(_is_seen, edits.values())):
            _close(turn, battle, asked, players)
        else:
            turn.work.keep_battle(battle, turn.now + LOOK)
        return
    _count(turn, battle, asked, edits, has_answers=bool(locked), closes_at=closes_at)
    turn.work.keep_battle(battle, _next_look(turn, battle, asked))


def _close(turn: Turn, battle: Battle, asked: Round, players: Sequence[Player]) -> None:
    """Grades the round and shows what came of it."""
    work = turn.work
    found = entry_of(turn, battle, asked)
    strikes = work.strikes(battle.id, asked.number)
    if found:
        graded = score.close(battle, asked, found[1], players, strikes)
        changed = [after for before, after in zip(players, graded.players, strict=True) if after != before]
        work.update_players(battle.id, changed)
        work.keep_marks(battle.id, asked.number, graded.marks)
        battle = graded.battle
    shown = replace(battle, phase=Phase.SHOWN, since=turn.now)  # an item that the pack has changed counts for nobody
    posts = work.posted([_round_post(turn, shown, hall).key for hall in shown.present])
    for hall in shown.present:
        push = _round_post(turn, shown, hall)
        post = posts.get(push.key)
        if (post and post.is_poll) or battle.kind is Kind.DAILY:  # a message of its own
            work.post(bulletin(shown, hall, What.RESULT, turn.now, shown.number))
        work.refresh(edit_of(push), turn.now, RESULT_SPACING_S)  # the question becomes its result, or the poll ends
        refresh_lobby(turn, shown, hall)
    work.keep_battle(shown, turn.now + LOOK)


def _shown(turn: Turn, battle: Battle) -> None:
    """Waits until every room has seen the result and had time to read it, then goes on or ends."""
    if not battle.present:
        end(turn, battle, Ending.OUTAGE)
        return
    keys = {hall: _result_keys(turn, battle, hall) for hall in battle.present}
    posts = turn.work.posted([key for ones in keys.values() for key in ones])
    unseen = [hall for hall, ones in keys.items() if not all(_is_seen(posts.get(key)) for key in ones)]
    if unseen and turn.now < battle.since + battles.GIVE_UP:
        _wait_for(turn, battle, unseen)
        return
    for hall in unseen:
        battle = battle.without(hall)
    why = battles.is_over(battle, turn.work.players(battle.id))
    seen_at = max((post.at for post in posts.values() if post.is_sent and post.at), default=battle.since)
    resting = max(battle.since, seen_at) + battles.pause(battle.rules)
    if battle.kind is Kind.DAILY or not battle.present:
        end(turn, battle, Ending.PLAYED if battle.present else Ending.OUTAGE)
    elif turn.now < resting:
        turn.work.keep_battle(battle, resting)
    elif why is not None:
        end(turn, battle, why)
    else:
        pose(turn, battle)


def _result_keys(turn: Turn, battle: Battle, hall: Hall) -> tuple[str, str]:
    """What a room sees of a result: the question that becomes it, or a poll that ends and a message of its own."""
    result = bulletin(battle, hall, What.RESULT, turn.now, battle.number)
    return edit_of(_round_post(turn, battle, hall)).key, result.key


def _is_seen(post: Posted | None) -> bool:
    """Whether a message arrived, never will, or was never to come."""
    return post is None or post.is_dropped or post.is_sent


def _wait_for(turn: Turn, battle: Battle, missing: Sequence[Hall]) -> None:
    """Looks again soon; the other rooms are told when it takes long."""
    if turn.now >= battle.since + battles.OUTAGE:
        for hall in battle.present:
            if hall not in missing:
                turn.work.post(bulletin(battle, hall, What.WAIT, turn.now, battle.number))
    turn.work.keep_battle(battle, turn.now + LOOK)


def _next_look(turn: Turn, battle: Battle, asked: Round) -> datetime:
    closes_at = asked.closes_at(battle.present) or turn.now
    return closes_at if battle.kind is Kind.DAILY else min(closes_at, turn.now + ROUND_LOOK)


def _count(
    turn: Turn, battle: Battle, asked: Round, edits: Mapping[str, Posted], *, has_answers: bool, closes_at: datetime
) -> None:
    """Shows how many have answered, where edits are cheap and the end is not near."""
    for hall in battle.present:
        every_s = LIVE_S.get(hall.room.platform)
        if every_s is None or not has_answers or turn.now > closes_at - 2 * CALM:
            continue
        push = edit_of(_round_post(turn, battle, hall))
        last = (edits[push.key].at if push.key in edits else None) or asked.opened.get(hall.place, turn.now)
        if turn.now >= last + timedelta(seconds=every_s) and (push.key not in edits or edits[push.key].is_sent):
            turn.work.refresh(push, turn.now, CALM.total_seconds())


def _round_post(turn: Turn, battle: Battle, hall: Hall) -> Push:
    return bulletin(battle, hall, What.ROUND, turn.now, battle.number)


def _next_entry(turn: Turn, battle: Battle, pack: Pack) -> tuple[Entry | None, Round | None]:
    """What is asked next; in a replay with the round that it repeats."""
    if battle.ghost:
        done = turn.work.round(battle.id, battle.number)
        for source in turn.work.rounds(battle.ghost):
            if source.number > (done.source if done else 0) and (found := entry_of(turn, battle, source)):
                return found[0], source
        return None, None
    asked = [one.concept for one in turn.work.rounds(battle.id)]
    known = turn.work.known(battle.id, pack.id, turn.now)
    fought = turn.work.fought([hall.room for hall in battle.present])
    if battle.kind is Kind.DAILY:  # one question each day: those of the days before are what was asked
        asked = [one.concept.concept_id for item, n in fought.items() if (one := pack.find(item)) for _ in range(n)]
    entry = draw(pack, battle.rules, known, asked, fought, turn.rng)
    if entry and isinstance(entry.item, Exercise):
        entry = entry.fresh(turn.rng.randrange(SEEDS))
    return entry, None


# messages


def compose(turn: Turn, push: Push) -> tuple[Bulletin, str] | Unwelcome:
    """A message of a battle as of now, in the language of its room, or why it had better not go."""
    battle = turn.work.battle_as_is(push.battle) if push.battle else None
    if battle is None:
        return Unwelcome.FORGOTTEN
    what, number, place = read(push)
    hall = next((hall for hall in battle.halls if hall.place == place), None)
    if hall is None:
        return Unwelcome.FORGOTTEN
    match what:
        case What.LOBBY:
            shown: Bulletin | None = lobby(turn, battle, hall)
        case What.ROUND:
            shown = _round(turn, battle, hall, number, is_edit=bool(push.edits))
        case What.RESULT:
            shown = _result(turn, battle, hall, number, as_reply=True)
        case What.WAIT:
            shown = _waiting(turn, battle, number)
        case What.FINAL:
            shown = _final(turn, battle, hall)
    return (shown, hall.locale) if shown else Unwelcome.MOVED


def lobby(turn: Turn, battle: Battle, hall: Hall) -> Lobby:
    """A battle's lobby, or its board."""
    pack, players = turn.pack_by(battle.pack), turn.work.players(battle.id)
    ghosts = _ghosts_after(turn, battle)
    leader = next((player.name for player in players if player.learner == battle.host), "")
    scope = battle.rules.scope
    return Lobby(
        battle=battle,
        hall=hall,
        pack=pack,
        players=players,
        scope=title_of(pack, scope) if scope and scope != battles.WEAK else scope,
        leader=leader,
        standings=score.standings([*players, *ghosts]) if battle.number else (),
        scopes=[(domain.id, domain.name) for domain in pack.outline.domains],
    )


def _round(turn: Turn, battle: Battle, hall: Hall, number: int, *, is_edit: bool) -> RoundShown | ResultShown | None:
    is_running = number == battle.number and battle.phase in (Phase.POSED, Phase.OPEN)
    if not is_running:
        return _result(turn, battle, hall, number) if is_edit else None
    asked = turn.work.round(battle.id, number)
    found = entry_of(turn, battle, asked) if asked else None
    if asked is None or found is None:
        return None
    playing = sum(player.is_in(number) for player in turn.work.players(battle.id))
    answered = len(turn.work.locked(battle.id, number)) if is_edit else 0
    code = turn.pack_by(battle.pack).exam.code
    return RoundShown(battle, hall, asked, *found, answered=answered, players=playing, code=code)


def _result(turn: Turn, battle: Battle, hall: Hall, number: int, *, as_reply: bool = False) -> ResultShown | None:
    asked = turn.work.round(battle.id, number)
    found = entry_of(turn, battle, asked) if asked else None
    if asked is None or found is None:
        return None
    work = turn.work
    players = [*work.players(battle.id), *(_past(turn, battle, asked) if battle.ghost else ())]
    ghosts: Mapping[LearnerId, Mark] = work.marks(battle.ghost, asked.source) if battle.ghost else {}
    return ResultShown(
        battle=battle,
        hall=hall,
        round=asked,
        entry=found[0],
        item=found[1],
        struck=[one for one in work.strikes(battle.id, number) if one.is_locked],
        marks=work.marks(battle.id, number),
        players=players,
        ghosts=ghosts,
        as_reply=as_reply,
    )


def _waiting(turn: Turn, battle: Battle, number: int) -> Waiting | None:
    """Whom the battle waits for, if it still does."""
    if number != battle.number or battle.phase not in (Phase.POSED, Phase.SHOWN):
        return None
    keys = {hall: _round_post(turn, battle, hall) for hall in battle.present}
    if battle.phase is Phase.SHOWN:
        keys = {hall: edit_of(push) for hall, push in keys.items()}
    posts = turn.work.posted([push.key for push in keys.values()])
    missing = {hall.room.platform for hall, push in keys.items() if push.key in posts and not posts[push.key].is_sent}
    return Waiting(battle, tuple(sorted(missing))) if missing else None


def _final(turn: Turn, battle: Battle, hall: Hall) -> FinalShown:
    work, pack = turn.work, turn.pack_by(battle.pack)
    players = work.players(battle.id)
    missed = [
        Missed(*pack.concepts[concept], missed=wrong, of=of)
        for concept, wrong, of in work.missed(battle.id)
        if concept in pack.concepts
    ]
    return FinalShown(
        battle=battle,
        hall=hall,
        pack=pack,
        standings=score.standings([*players, *_ghosts_after(turn, battle)]),
        missed=missed[:MOST_MISSED],
        rounds=battle.number,
        has_newcomers=work.has_newcomers(battle.id),
        counts=battles.counts(battle, players),
    )


def _ghosts_after(turn: Turn, battle: Battle) -> list[Player]:
    """In a replay: how the players of back then stood after the round that was graded last."""
    if not battle.ghost or not battle.number:
        return []
    is_graded = battle.phase in (Phase.SHOWN, Phase.OVER)
    last = turn.work.round(battle.id, battle.number if is_graded else battle.number - 1)
    return _past(turn, battle, last) if last else []


def _past(turn: Turn, battle: Battle, asked: Round) -> list[Player]:
    assert battle.ghost is not None  # noqa: S101 - the caller has looked
    return [
        Player(
            learner=one.learner,
            name=one.name,
            points=one.points,
            right=one.right,
            answers=one.answers,
            took_s=one.took_s * one.right,
            is_ghost=True,
        )
        for one in turn.work.points_through(battle.ghost, asked.source).values()
    ]
