"""Asks, takes answers, grades, remembers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import assert_never

from bot.domain import memory as memories
from bot.domain.answer import Cause, Confidence
from bot.domain.countdown import Exam, in_window
from bot.domain.drill import choose_for_set, choose_missed, choose_weak
from bot.domain.exercise import SEEDS, Exercise
from bot.domain.grading import Chosen, grade, guess_rate
from bot.domain.ids import AskId, ConceptId, ItemId
from bot.domain.item import Item, MultipleResponse, SingleChoice
from bot.domain.learner import Learner
from bot.domain.pack import Entry, Pack
from bot.domain.practice import DEFAULT_SIZE, SIZE_RANGE, Ask, AskState, NewAsk, Session, SessionKind
from bot.domain.selection import Standing, choose_concept, choose_variant, due_concepts, in_scope
from bot.ports import Attempt, Turn
from bot.usecases.outcome import (
    Asked,
    EmptyScope,
    Finished,
    Graded,
    Hitch,
    Hitched,
    Locked,
    NoSuchScope,
    NothingDue,
    Outcome,
    Posed,
    Word,
)
from bot.usecases.scope import CASE, find_scope, title_of

A_MOMENT = timedelta(minutes=10)  # a concept answered this lately is not asked again while there is another


def practice(turn: Turn, learner: Learner, scope: str, size: int | None, key: str) -> Outcome:
    """The first question of a new session on a domain or topic, on a case study, or on all of the pack."""
    pack = turn.pack(learner)
    found = find_scope(pack, scope)
    if isinstance(found, NoSuchScope):
        return found
    if found == CASE and (parts := _least_seen_case(turn, learner, pack)):
        return begin(turn, learner, SessionKind.QUIZ, CASE, len(parts), key)
    if not in_scope(pack, found):
        return EmptyScope(title_of(pack, found)) if found else Word.EMPTY_PACK
    low, high = SIZE_RANGE
    size = DEFAULT_SIZE if size is None else min(max(size, low), high)
    return begin(turn, learner, SessionKind.QUIZ, found, size, key)


def review(turn: Turn, learner: Learner, key: str) -> Outcome:
    """The first question of a session on what is due, or when something will be."""
    settle(turn, learner)
    pack = turn.pack(learner)
    met = turn.work.met(learner.id, pack.id)
    if due := due_concepts(list(pack.served), met, turn.now):
        return begin(turn, learner, SessionKind.REVIEW, "", min(len(due), SIZE_RANGE[1]), key)
    return NothingDue(min((s.due_at for c, s in met.items() if c in pack.served), default=None), turn.now)


def begin(turn: Turn, learner: Learner, kind: SessionKind, scope: str, size: int, key: str) -> Outcome:
    """Opens the session that the event `key` wants, once, and gives the question it stands at."""
    session, is_new = turn.work.open_session(learner, kind, scope, size, key, turn.now)
    if not is_new and (last := turn.work.last_ask(learner.id, session.id)):
        return show(turn, learner, *last)
    return _pose_next(turn, learner, session, None) or Word.EMPTY_PACK


def following(turn: Turn, learner: Learner, ask_id: AskId) -> Outcome:
    """What comes after an ask: the session's next question, or its end."""
    found = _own(turn, learner, ask_id)
    if isinstance(found, Hitched):
        return found
    ask, session = found
    if ask.state is not AskState.CLOSED:
        return show(turn, learner, ask, session)
    left = _minutes_left(turn, session)
    is_time_up = left is not None and left <= 0
    if ask.number < session.size and not is_time_up and (outcome := _pose_next(turn, learner, session, ask)):
        return outcome
    newest = turn.work.last_ask(learner.id, session.id)
    if newest and newest[0].id != ask.id:
        return show(turn, learner, *newest) if newest[0].state is not AskState.CLOSED else Hitched(Hitch.BEHIND)
    return _finished(turn, learner, session)


def pick(turn: Turn, learner: Learner, ask_id: AskId, place: int) -> Outcome:
    """Locks a single choice."""
    posed = _open(turn, learner, ask_id)
    if not isinstance(posed, Posed):
        return posed
    if not 0 <= place < len(posed.ask.order) or isinstance(posed.item, MultipleResponse):
        return Hitched(Hitch.GONE)
    return _lock(turn, learner, posed, frozenset({posed.ask.order[place]}))


def mark(turn: Turn, learner: Learner, ask_id: AskId, place: int, *, on: bool) -> Outcome:
    """Marks or clears an option of a multiple response; a mark beyond the number asked for replaces none."""
    posed = _open(turn, learner, ask_id)
    if not isinstance(posed, Posed):
        return posed
    if not 0 <= place < len(posed.ask.order) or not isinstance(posed.item, MultipleResponse):
        return Hitched(Hitch.GONE)
    option = posed.ask.order[place]
    marked = posed.ask.marked | {option} if on else posed.ask.marked - {option}
    if len(marked) > len(posed.item.keys):
        return Hitched(Hitch.NOT_ENOUGH, wanted=len(posed.item.keys))
    ask = turn.work.change(posed.ask, AskState.OPEN, marked)
    return Asked(replace(posed, ask=ask))


def submit(turn: Turn, learner: Learner, ask_id: AskId) -> Outcome:
    """Locks what is marked."""
    posed = _open(turn, learner, ask_id)
    if not isinstance(posed, Posed):
        return posed
    wanted = len(posed.item.keys)
    if len(posed.ask.marked) != wanted:
        return Hitched(Hitch.NOT_ENOUGH, wanted=wanted)
    return _lock(turn, learner, posed, posed.ask.marked)


def answer_in_letters(turn: Turn, learner: Learner, letters: str) -> Outcome | None:
    """The outcome of a typed "b" or "a c", None if that is no answer to the question that stands."""
    last = turn.work.last_ask(learner.id)
    places = sorted({ord(letter) - ord("a") for letter in letters.lower() if letter.isalpha()})
    if last is None or last[0].state is not AskState.OPEN or not places:
        return None
    posed = _posed(turn, learner, *last)
    if posed is None or places[-1] >= len(posed.ask.order) or places[0] < 0:
        return None
    if len(places) != len(posed.item.keys):
        return Hitched(Hitch.NOT_ENOUGH, wanted=len(posed.item.keys))
    return _lock(turn, learner, posed, frozenset(posed.ask.order[place] for place in places))


def rate(turn: Turn, learner: Learner, ask_id: AskId, confidence: Confidence) -> Outcome:
    """Grades a locked answer, with how sure the learner is."""
    found = _own(turn, learner, ask_id)
    if isinstance(found, Hitched):
        return found
    ask, session = found
    if ask.state is not AskState.PICKED:
        hitch = Hitch.ANSWERED if ask.state is AskState.CLOSED else Hitch.BEHIND
        return Hitched(hitch, stands=_newest(turn, learner, session))
    posed = _posed(turn, learner, ask, session)
    return _grade(turn, learner, posed, confidence) if posed else Hitched(Hitch.GONE)


def blame(turn: Turn, learner: Learner, ask_id: AskId, cause: Cause) -> Outcome:
    """Notes why an answer was missed; a second word replaces the first."""
    found = _own(turn, learner, ask_id)
    if isinstance(found, Hitched):
        return found
    attempt = turn.work.attempt(ask_id)
    if attempt is None or attempt.is_right:
        return Hitched(Hitch.BEHIND)
    turn.work.blame(ask_id, cause)
    return show(turn, learner, *found)


def show(turn: Turn, learner: Learner, ask: Ask, session: Session) -> Outcome:
    """An ask as it stands."""
    posed = _posed(turn, learner, ask, session)
    if posed is None:
        return Hitched(Hitch.GONE)
    match ask.state:
        case AskState.OPEN:
            return Asked(posed)
        case AskState.PICKED:
            return Locked(posed)
        case AskState.CLOSED:
            attempt = turn.work.attempt(ask.id)
            kept = turn.work.memory(learner.id, session.pack, ask.concept)
            return Graded(posed, attempt, kept.due_at if kept else None, turn.now) if attempt else Hitched(Hitch.GONE)
        case _:
            assert_never(ask.state)


def settle(turn: Turn, learner: Learner) -> None:
    """Grades the answers that were locked and left before saying how sure."""
    for ask, session in turn.work.unsettled(learner.id):
        if posed := _posed(turn, learner, ask, session):
            _grade(turn, learner, posed, None)
        else:  # its item has changed since: nothing to grade it against
            turn.work.change(ask, AskState.CLOSED, ask.marked)


def _own(turn: Turn, learner: Learner, ask_id: AskId) -> tuple[Ask, Session] | Hitched:
    found = turn.work.find_ask(ask_id)
    if found is None or found[1].kind is SessionKind.CARDS:  # a card is no question
        return Hitched(Hitch.GONE)
    return found if found[0].learner == learner.id else Hitched(Hitch.NOT_YOURS)


def _open(turn: Turn, learner: Learner, ask_id: AskId) -> Posed | Outcome:
    """The ask if it still takes an answer, else what to say or to show."""
    found = _own(turn, learner, ask_id)
    if isinstance(found, Hitched):
        return found
    ask, session = found
    if ask.state is not AskState.OPEN:
        return Hitched(Hitch.ANSWERED, stands=_newest(turn, learner, session))
    return _posed(turn, learner, ask, session) or Hitched(Hitch.GONE)


def _newest(turn: Turn, learner: Learner, session: Session) -> Asked | Locked | Graded | None:
    """Where the session stands."""
    last = turn.work.last_ask(learner.id, session.id)
    shown = show(turn, learner, *last) if last else None
    return shown if isinstance(shown, Asked | Locked | Graded) else None


def _posed(turn: Turn, learner: Learner, ask: Ask, session: Session) -> Posed | None:
    """The ask with its item, None if the pack no longer has the item as it was asked."""
    pack = turn.pack_of(session.pack, learner)
    entry = pack.find(ask.item)
    if (
        entry is None
        or not isinstance(entry.item, SingleChoice | MultipleResponse)
        or entry.item.version != ask.version
    ):
        return None
    return Posed(ask, session, entry, entry.item, _minutes_left(turn, session))


def _lock(turn: Turn, learner: Learner, posed: Posed, marked: frozenset[int]) -> Outcome:
    ask = turn.work.change(posed.ask, AskState.PICKED, marked, turn.now)
    locked = replace(posed, ask=ask)
    return Locked(locked) if learner.confidence_on else _grade(turn, learner, locked, None)


def _grade(turn: Turn, learner: Learner, posed: Posed, confidence: Confidence | None) -> Outcome:
    ask, item, work = posed.ask, posed.item, turn.work
    picked_at = ask.picked_at or turn.now
    domain = posed.entry.place.domain.domain_id
    attempt = Attempt(
        ask=ask.id,
        learner=learner.id,
        pack=posed.session.pack,
        item=ask.item,
        concept=ask.concept,
        domain=domain,
        chosen=ask.marked,
        is_right=grade(item, Chosen(ask.marked)).is_right,
        confidence=confidence,
        took_s=max(0.0, (picked_at - ask.asked_at).total_seconds()),
        answered_at=picked_at,
    )
    after = learn(turn, attempt, item)
    if after is None:
        return Hitched(Hitch.ANSWERED)
    closed = work.change(ask, AskState.CLOSED, ask.marked)
    return Graded(replace(posed, ask=closed), attempt, after.due_at, turn.now)


def learn(turn: Turn, attempt: Attempt, item: Item) -> memories.Memory | None:
    """Keeps an attempt and what it says about the memory of its concept; None if its ask has one already."""
    work, who = turn.work, attempt.learner
    if not work.record(attempt):
        return None
    evidence = memories.Evidence(attempt.is_right, attempt.confidence, guess_rate(item))
    before = work.memory(who, attempt.pack, attempt.concept)
    if before is None:
        first = work.first_answers(who, attempt.pack, attempt.domain)
        known = memories.prior_known(first.right, first.answers)
        after = memories.meet(known, evidence, attempt.answered_at)
    else:
        after = memories.review(before, evidence, max(attempt.answered_at, before.reviewed_at))
    work.remember(who, attempt.pack, attempt.concept, attempt.domain, after)
    return after


def _pose_next(turn: Turn, learner: Learner, session: Session, after: Ask | None) -> Outcome | None:
    """Poses a session's next question; None if there is nothing to ask or `after` has its follower already."""
    settle(turn, learner)
    if learner.awaits is not None:  # what is typed from here on is for the question
        turn.work.save(replace(learner, awaits=None))
    pack = turn.pack_of(session.pack, learner)
    if session.scope == CASE:
        entry = _next_part(turn, learner, pack, after)
    else:
        entry = _next_variant(turn, learner, session, pack, after)
    if entry is None:
        return None
    item = entry.item
    assert isinstance(item, SingleChoice | MultipleResponse)  # noqa: S101 - pack.served holds nothing else
    order = list(range(len(item.options)))
    turn.rng.shuffle(order)
    ask = turn.work.pose(
        NewAsk(
            session=session.id,
            learner=learner.id,
            item=ItemId(item.id),
            concept=entry.concept.concept_id,
            version=item.version,
            order=tuple(order),
            number=after.number + 1 if after else 1,
            asked_at=turn.now,
            follows=after.id if after else None,
        )
    )
    return Asked(Posed(ask, session, entry, item, _minutes_left(turn, session))) if ask else None


def _next_part(turn: Turn, learner: Learner, pack: Pack, after: Ask | None) -> Entry | None:
    """The part of a case that follows the one asked, or the opening part of the case to play now."""
    if after is None:
        return next(iter(_least_seen_case(turn, learner, pack)), None)
    last = pack.entries.get(after.item)
    parts = iter(pack.cases.get(last.case.item_id, ()) if last and last.case else ())
    for part in parts:
        if part.item.item_id == after.item:
            break
    return next(parts, None)


def _least_seen_case(turn: Turn, learner: Learner, pack: Pack) -> tuple[Entry, ...]:
    """The parts of the case that this learner has not met, or met longest ago; none if the pack has no case."""
    seen = turn.work.seen(learner.id, [part.item.item_id for parts in pack.cases.values() for part in parts])

    def last_met(parts: tuple[Entry, ...]) -> float:
        met = (seen.get(part.item.item_id) for part in parts)
        return max((each.last_at.timestamp() for each in met if each), default=0.0)

    return min(pack.cases.values(), key=last_met, default=())


def _next_variant(turn: Turn, learner: Learner, session: Session, pack: Pack, after: Ask | None) -> Entry | None:
    """A variant of the concept that is to come next; an exercise with numbers of its own."""
    met = turn.work.met(learner.id, pack.id)
    concept = _choose(turn, learner, session, pack, met, after)
    if concept is None:
        return None
    variants = pack.served[concept]
    seen = turn.work.seen(learner.id, [entry.item.item_id for entry in variants]) if len(variants) > 1 else {}
    entry = choose_variant(variants, seen, turn.rng, warm_up=not met)
    return entry.fresh(turn.rng.randrange(SEEDS)) if isinstance(entry.item, Exercise) else entry


def _choose(
    turn: Turn,
    learner: Learner,
    session: Session,
    pack: Pack,
    met: Mapping[ConceptId, Standing],
    after: Ask | None,
) -> ConceptId | None:
    """The concept that a session asks next, None if it has no more."""
    since = session.opened_at
    if session.kind is SessionKind.REVIEW or (session.kind is SessionKind.QUIZ and session.scope):
        exam = None  # asked for by name: theirs to decide
    else:
        exam = _exam(turn, learner, pack)
    is_new_welcome = exam is None or not in_window(exam, turn.now)
    match session.kind:
        case SessionKind.REVIEW:
            return next(iter(due_concepts(in_scope(pack, session.scope), met, turn.now)), None)
        case SessionKind.SET:
            number = after.number + 1 if after else 1
            return choose_for_set(
                pack, number, session.size, met, since, turn.rng, is_new_welcome=is_new_welcome or not met
            )
        case SessionKind.WEAK:
            return choose_weak(pack, session.scope, met, since)
        case SessionKind.MISSED:
            return choose_missed(pack, session.scope, met, since, exam, turn.now)
        case SessionKind.QUIZ | SessionKind.DAILY | SessionKind.RECAP:
            lately = _lately(turn, learner, after)
            welcome = session.kind is not SessionKind.RECAP and is_new_welcome
            return choose_concept(pack, session.scope, met, turn.now, turn.rng, avoid=lately, is_new_welcome=welcome)
        case SessionKind.CARDS | SessionKind.BATTLE:
            return None  # bot/usecases/deal.py chooses
        case _:
            assert_never(session.kind)


def _exam(turn: Turn, learner: Learner, pack: Pack) -> Exam | None:
    """The exam of this pack that is ahead."""
    for booking in turn.work.bookings(learner.id):
        if booking.pack == pack.id and booking.at > turn.now:
            return booking.exam(pack.exam.minutes)
    return None


def _minutes_left(turn: Turn, session: Session) -> int | None:
    """What a timed set has left at the pace of the exam, None for what has no clock."""
    pack = turn.packs.get(session.pack)
    if session.kind is not SessionKind.SET or pack is None:
        return None
    whole = timedelta(minutes=session.size * pack.exam.minutes / pack.exam.questions.total)
    return ceil((session.opened_at + whole - turn.now) / timedelta(minutes=1))


def _lately(turn: Turn, learner: Learner, after: Ask | None) -> set[ConceptId]:
    """What was asked a moment ago."""
    last = (after,) if after else tuple(found[0] for found in (turn.work.last_ask(learner.id),) if found)
    return {ask.concept for ask in last if turn.now - ask.asked_at < A_MOMENT}


def _finished(turn: Turn, learner: Learner, session: Session) -> Finished:
    pack = turn.pack(learner)
    met = {
        concept: standing for concept, standing in turn.work.met(learner.id, pack.id).items() if concept in pack.served
    }
    return Finished(
        session=session,
        tally=turn.work.tally(session.id),
        due_now=len(due_concepts(list(met), met, turn.now)),
        next_due=min((standing.due_at for standing in met.values()), default=None),
        now=turn.now,
        has_reminder=learner.pushes_on,
    )
