"""The eight checks before the exam, each from what the learner has done (S205-S213)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from bot.domain.ids import TopicId
from bot.domain.learner import Learner
from bot.domain.localtime import day_of
from bot.domain.pack import Pack
from bot.domain.practice import SessionKind
from bot.ports import Answer, Turn
from bot.usecases.dated import Check, CheckId, Readied
from bot.usecases.outcome import Outcome
from bot.usecases.plan import ahead
from bot.usecases.practice import settle

TWICE = 2  # days on which each domain was worked on (S205)
WEAKEST = 20  # topics (S206)
LATELY = timedelta(days=3)
MOCKS = 3  # (S207)
WELL = 75  # per cent right that counts as understood; the pass mark of the exam's scale is near it
ENOUGH = 6  # answers below which a share says nothing
ROUTINE = "ready:routine"


def readiness(turn: Turn, learner: Learner) -> Outcome:
    """All eight, with their evidence."""
    settle(turn, learner)
    pack = turn.pack(learner)
    answers = turn.work.answers(learner.id, pack.id)
    asked = pack.outline.readiness
    shares: tuple[tuple[CheckId, Mapping[str, Collection[str]]], ...] = (
        (CheckId.CORE, asked.core),
        (CheckId.METRICS, {"": asked.metrics}),
        (CheckId.DEPLOYMENT, asked.deployment),
        (CheckId.STREAMING, {"": asked.streaming}),
    )
    checks = (
        _domains(learner, pack, answers),
        _weak(turn, pack, answers),
        _mocks(turn, learner, pack),
        *(_share(id_, pack, answers, topics) for id_, topics in shares if any(topics.values())),  # what the pack names
        _routine(turn, learner),
    )
    return Readied(checks, pack, ahead(turn, learner), pack.outline.domains, turn.now)


def tick(turn: Turn, learner: Learner, name: str) -> Outcome:
    """Ticks what only the learner can say."""
    if name == ROUTINE:
        turn.work.tick(learner.id, ROUTINE, turn.now)
    return readiness(turn, learner)


def _domains(learner: Learner, pack: Pack, answers: Sequence[Answer]) -> Check:
    days: dict[str, set[object]] = defaultdict(set)
    for answer in answers:
        days[answer.domain].add(day_of(answer.at, learner.tz))
    have = [min(len(days[domain.id]), TWICE) for domain in pack.outline.domains]
    lacking = next((domain.id for domain, days_ in zip(pack.outline.domains, have, strict=True) if days_ < TWICE), "")
    parts = tuple((domain.name, n, TWICE) for domain, n in zip(pack.outline.domains, have, strict=True))
    done = sum(n >= TWICE for n in have)
    return Check(CheckId.DOMAINS, not lacking, done, len(have), lacking, parts)


def _weak(turn: Turn, pack: Pack, answers: Sequence[Answer]) -> Check:
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    last: dict[str, Answer] = {}
    for answer in answers:
        if answer.concept in pack.served:
            topic = pack.served[answer.concept][0].place.topic.id
            seen[topic] += 1
            right[topic] += answer.is_right
            last[topic] = answer
    weakest = sorted(seen, key=lambda topic: ((right[topic] + 1) / (seen[topic] + 2), topic))[:WEAKEST]
    stale = [topic for topic in weakest if turn.now - last[topic].at > LATELY]
    topics = dict.fromkeys(entry[0].place.topic.id for entry in pack.served.values())
    want = min(WEAKEST, len(topics))
    have = len(weakest) - len(stale)
    shortest = next(iter(stale), "") or next((topic for topic in topics if topic not in seen), "")
    return Check(CheckId.WEAK, have >= want, have, want, shortest if have < want else "")


def _mocks(turn: Turn, learner: Learner, pack: Pack) -> Check:
    full = pack.exam.questions.total
    sets = turn.work.stretches(learner.id, pack.id, SessionKind.SET)
    have = sum(one.size >= full and one.tally.answers >= full for one in sets)
    return Check(CheckId.MOCKS, have >= MOCKS, have, MOCKS)


def _share(id_: CheckId, pack: Pack, answers: Sequence[Answer], groups: Mapping[str, Collection[str]]) -> Check:
    parts = []
    worst: tuple[float, str] = (2.0, "")
    served = {entry[0].place.topic.id for entry in pack.served.values()}
    for name, topics in groups.items():
        mine = [one for one in answers if one.concept in pack.served and _topic(pack, one) in topics]
        right = sum(one.is_right for one in mine)
        parts.append((name, right, len(mine)))
        if _is_understood(right, len(mine)):
            continue
        for topic in sorted(served.intersection(topics)):
            here = [one.is_right for one in mine if _topic(pack, one) == topic]
            worst = min(worst, ((sum(here) + 1) / (len(here) + 2) if here else 0.0, topic))
    is_ticked = all(_is_understood(right, n) for _, right, n in parts)
    have = sum(right for _, right, _ in parts)
    return Check(id_, is_ticked, have, sum(n for *_, n in parts), worst[1], tuple(parts))


def _is_understood(right: int, answers: int) -> bool:
    return answers >= ENOUGH and 100 * right >= WELL * answers


def _routine(turn: Turn, learner: Learner) -> Check:
    done = bool(turn.work.ticks(learner.id, ROUTINE))
    return Check(CheckId.ROUTINE, done, int(done), 1)


def _topic(pack: Pack, answer: Answer) -> TopicId:
    return TopicId(pack.served[answer.concept][0].place.topic.id)
