"""What the blocks of a plan ask: a set as the exam weighs it, the weakest, what was missed.

Behind these few functions, one for each kind of session, a choice that knows the exam's date can take their place.
"""

from collections.abc import Mapping
from datetime import datetime
from random import Random

from bot.domain.countdown import Exam, order_missed
from bot.domain.ids import ConceptId, DomainId
from bot.domain.pack import Pack
from bot.domain.selection import Standing, in_scope, weakness


def domains_of_set(pack: Pack, size: int) -> list[DomainId]:
    """The domain of each question of a set, in order: shares by weight, each domain spread over the whole."""
    weights = {domain.domain_id: domain.weight / 100 for domain in pack.outline.domains}
    given = dict.fromkeys(weights, 0)
    order: list[DomainId] = []
    for number in range(1, size + 1):
        behind = max(weights, key=lambda domain: weights[domain] * number - given[domain])
        given[behind] += 1
        order.append(behind)
    return order


def choose_for_set(
    pack: Pack,
    number: int,
    size: int,
    met: Mapping[ConceptId, Standing],
    since: datetime,
    rng: Random,
    *,
    is_new_welcome: bool,
) -> ConceptId | None:
    """A concept for question `number` of a set begun at `since`, by lot, each at most once.

    Where new ones are not welcome they come only for want of others: a set tests what is there and is no new topic.
    """
    scopes = (domains_of_set(pack, size)[min(number, size) - 1], "")
    left = {scope: [one for one in in_scope(pack, scope) if not _is_answered(met, one, since)] for scope in scopes}
    known = [[concept for concept in left[scope] if concept in met] for scope in scopes]
    pools = [*([] if is_new_welcome else known), *left.values()]
    return next((rng.choice(sorted(pool)) for pool in pools if pool), None)


def choose_weak(pack: Pack, scope: str, met: Mapping[ConceptId, Standing], since: datetime) -> ConceptId | None:
    """The concept met before where a point is likeliest to be won: by its own weakness and its domain's weight."""
    weak = weakness(met, pack)
    left = [concept for concept in in_scope(pack, scope) if concept in met and not _is_answered(met, concept, since)]

    def worth(concept: ConceptId) -> tuple[float, ConceptId]:
        domain = pack.served[concept][0].place.domain
        return (_doubt(met[concept]) * domain.weight * weak[domain.domain_id], concept)

    return max(left, key=worth, default=None)


def choose_missed(
    pack: Pack, scope: str, met: Mapping[ConceptId, Standing], since: datetime, exam: Exam | None, now: datetime
) -> ConceptId | None:
    """A concept whose newest answer was wrong, once a session, in the order that the exam ahead gives."""
    left = {
        concept: (_doubt(met[concept]), met[concept].reviewed_at)
        for concept in in_scope(pack, scope)
        if concept in met and met[concept].is_missed and not _is_answered(met, concept, since)
    }
    return next(iter(order_missed(left, exam, now)), None)


def _doubt(standing: Standing) -> float:
    """The chance of a wrong answer, one right and one wrong assumed before any was given."""
    return 1 - (standing.right + 1) / (standing.seen + 2)


def _is_answered(met: Mapping[ConceptId, Standing], concept: ConceptId, since: datetime) -> bool:
    at = met[concept].reviewed_at if concept in met else None
    return at is not None and at >= since
