"""Writes what people answered in battles into their own memory and attempt log, a few at a time."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from bot.domain.answer import Cause
from bot.domain.ids import LearnerId
from bot.domain.learner import Learner
from bot.domain.practice import AskState, NewAsk, SessionKind
from bot.ports import Attempt, Store, Turn, Unkept, Work
from bot.usecases.practice import learn
from bot.usecases.referee import entry_of


def keep_answers(store: Store, turn_of: Callable[[Work], Turn], most: int) -> int:
    """Keeps up to `most` answers, each in its player's own transaction; how many there were."""
    with store.begin() as work:
        waiting = work.unkept(most)
    for who, ones in groupby(waiting, key=lambda one: one.learner):
        with store.begin() as work:
            learner = work.learner(who)  # locked first, as in every turn of theirs
            for one in ones:
                _keep(turn_of(work), learner, who, one)
    return len(waiting)


def _keep(turn: Turn, learner: Learner | None, who: LearnerId, one: Unkept) -> None:
    work = turn.work
    taken = work.take_unkept(one)
    battle = work.battle_as_is(one.battle)
    asked = work.round(one.battle, one.number)
    found = entry_of(turn, battle, asked) if battle and asked else None
    if taken is None or learner is None or battle is None or asked is None or found is None:
        return
    struck, mark = taken
    entry, item = found
    session, _ = work.open_session(
        replace(learner, pack=battle.pack),
        SessionKind.BATTLE,
        battle.rules.scope[:40],
        battle.rules.rounds,
        f"battle:{battle.id}",
        turn.now,
    )
    ask = work.pose(
        NewAsk(
            session=session.id,
            learner=who,
            item=asked.item,
            concept=asked.concept,
            version=asked.version,
            order=asked.order,
            number=asked.number,
            asked_at=asked.posed_at,
            follows=None,
        )
    )
    assert ask is not None  # noqa: S101 - it follows none
    work.change(ask, AskState.CLOSED, struck.chosen, struck.at)
    attempt = Attempt(
        ask=ask.id,
        learner=who,
        pack=battle.pack,
        item=asked.item,
        concept=asked.concept,
        domain=entry.place.domain.domain_id,
        chosen=struck.chosen,
        is_right=mark.is_right,
        confidence=None,
        took_s=mark.took_s,
        answered_at=struck.at,
        cause=Cause.RUSHED if mark.is_rash else None,
    )
    learn(turn, attempt, item)
