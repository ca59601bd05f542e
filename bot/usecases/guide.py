"""Guides a learner through what is to be done beside answering questions: tips, labs, reading."""

from collections.abc import Sequence

from bot.domain.guide import Guide, GuidePart, Lab
from bot.domain.ids import DomainId, TopicId
from bot.domain.learner import Learner
from bot.domain.pack import Domain, Pack
from bot.domain.selection import weakness
from bot.ports import Turn
from bot.usecases.outcome import AskDomain, EmptyScope, Guided, Hitch, Hitched, LabShown, NoSuchScope, Offer, Outcome
from bot.usecases.scope import find_scope, title_of


def show(turn: Turn, learner: Learner, scope: str, part: GuidePart, page: int) -> Outcome:
    """A part of the guide of a domain, or of the domain that a topic belongs to; asks which if none is named."""
    pack = turn.pack(learner)
    found = find_scope(pack, scope)
    if isinstance(found, NoSuchScope):
        return NoSuchScope(found.given, found.near, Offer.GUIDE)
    guides = {guide.domain: guide for guide in pack.guides if _holds_anything(guide)}
    if not guides:
        return EmptyScope("", Offer.GUIDE)
    if not found:
        return AskDomain(tuple(domain for domain in pack.outline.domains if domain.id in guides))
    home = next((domain for domain in pack.outline.domains if found in _names(domain)), None)
    if home is None or home.id not in guides:
        return EmptyScope(title_of(pack, home.id if home else found), Offer.GUIDE)
    done = _done(turn, learner, pack) if part is GuidePart.LABS else frozenset[str]()
    return Guided(home, guides[home.id], part, page, done)


def lab(turn: Turn, learner: Learner, name: str) -> Outcome:
    """A lab by its id, or the next one to do: of a topic or domain, else of the domain that needs it most."""
    pack = turn.pack(learner)
    if any(name == lab.id for guide in pack.guides for lab in guide.labs):
        return _sheet(turn, learner, pack, name)
    found = find_scope(pack, name)
    if isinstance(found, NoSuchScope):
        return NoSuchScope(found.given, found.near, Offer.LAB)
    if not found:
        next_ = next_lab(turn, learner, pack)
        return _sheet(turn, learner, pack, next_.id) if next_ else EmptyScope("", Offer.LAB)
    wanted = [lab for guide in pack.guides for lab in guide.labs if _is_about(pack, guide, lab, found)]
    if not wanted:
        return EmptyScope(title_of(pack, found), Offer.LAB)
    done = _done(turn, learner, pack)
    return _sheet(turn, learner, pack, min(wanted, key=lambda lab: lab.id in done).id)


def finish_lab(turn: Turn, learner: Learner, name: str) -> Outcome:
    """Notes that a lab is done; twice is once."""
    pack = turn.pack(learner)
    if not any(name == lab.id for guide in pack.guides for lab in guide.labs):
        return Hitched(Hitch.GONE)
    turn.work.tick(learner.id, f"{_begins(pack)}{name}", turn.now)
    return _sheet(turn, learner, pack, name)


def next_lab(turn: Turn, learner: Learner, pack: Pack) -> Lab | None:
    """The first lab not done of the weakest domain that has one; with all done, its first."""
    weak = weakness(turn.work.met(learner.id, pack.id), pack)
    done = _done(turn, learner, pack)

    def need(guide: Guide) -> tuple[bool, float, int]:
        domain = DomainId(guide.domain)
        return (any(lab.id not in done for lab in guide.labs), weak[domain], pack.domains[domain].weight)

    guide = max((guide for guide in pack.guides if guide.labs), key=need, default=None)
    return _first(guide.labs, done) if guide else None


def _sheet(turn: Turn, learner: Learner, pack: Pack, name: str) -> LabShown:
    guide = next(guide for guide in pack.guides if any(lab.id == name for lab in guide.labs))
    place = next(place for place, lab in enumerate(guide.labs) if lab.id == name)
    done = _done(turn, learner, pack)
    after = _first([*guide.labs[place + 1 :], *guide.labs[:place]], done)
    return LabShown(guide.labs[place], pack.domains[DomainId(guide.domain)], name in done, after)


def _first(labs: Sequence[Lab], done: frozenset[str]) -> Lab | None:
    """The first that is not done, else the first."""
    return min(labs, key=lambda lab: lab.id in done, default=None)


def _done(turn: Turn, learner: Learner, pack: Pack) -> frozenset[str]:
    begins = _begins(pack)
    return frozenset(name.removeprefix(begins) for name in turn.work.ticks(learner.id, begins))


def _begins(pack: Pack) -> str:
    return f"lab:{pack.id}:"


def _is_about(pack: Pack, guide: Guide, lab: Lab, scope: str) -> bool:
    places = [pack.places[TopicId(topic)] for topic in lab.topics if TopicId(topic) in pack.places]
    return scope == guide.domain or any(scope in (place.topic.id, place.task.id) for place in places)


def _names(domain: Domain) -> set[str]:
    """The ids of a domain, its tasks and its topics."""
    topics = {topic.id for task in domain.tasks for topic in task.topics}
    return {domain.id, *(task.id for task in domain.tasks), *topics}


def _holds_anything(guide: Guide) -> bool:
    return bool(guide.tips or guide.labs or guide.reading)
