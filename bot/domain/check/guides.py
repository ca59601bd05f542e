"""Rules on the guides: every domain has one, and it names what the pack has."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from bot.domain.check.options import tokens
from bot.domain.check.rules import Finding, broken
from bot.domain.guide import LAB, TIP, Guide, Lab, Page
from bot.domain.ids import ItemId, TopicId
from bot.domain.pack import Pack

SAME_TIP = 85  # per cent of the words that two tips may share


def guide_spot(domain: str) -> str:
    """What a finding on a domain's guide as a whole is about, and where the library notes its file."""
    return f"guide/{domain}"


def check_guides(pack: Pack) -> Iterator[Finding]:
    """Every finding on the guides of a pack."""
    urls: dict[str, str] = {}
    titles: dict[str, str] = {}
    tips: list[tuple[str, list[str]]] = []
    for guide in pack.guides:
        yield from _topics(guide, pack)
        yield from _lengths(guide)
        for page in guide.reading:
            yield from _twice(guide, urls, str(page.url), f"the page {page.url}")
        for lab in guide.labs:
            yield from _twice(guide, titles, lab.title.lower(), f"the lab {lab.title!r}")
        for tip in guide.tips:
            words = sorted(tokens(tip))
            if twin := next((text for text, theirs in tips if fuzz.ratio(words, theirs) > SAME_TIP), None):
                yield _on(guide, "duplicate-guide-entry", f"{_short(tip)} says what {_short(twin)} says")
            tips.append((tip, words))
    yield from _gaps(pack)


def _on(about: Guide | Lab, rule: str, message: str) -> Finding:
    return broken(rule, message, ItemId(about.id if isinstance(about, Lab) else guide_spot(about.domain)))


def _topics(guide: Guide, pack: Pack) -> Iterator[Finding]:
    entries: tuple[Lab | Page, ...] = (*guide.labs, *guide.reading)
    for entry in entries:
        for topic in entry.topics:
            if TopicId(topic) not in pack.places:
                about = entry if isinstance(entry, Lab) else guide
                yield _on(about, "unknown-topic", f"topic {topic!r} of {entry.title!r} is not in pack.yaml")


def _lengths(guide: Guide) -> Iterator[Finding]:
    for tip in guide.tips:
        if len(tip) > TIP:
            yield _on(guide, "guide-too-long", f"the tip {_short(tip)} has {len(tip)} characters, more than {TIP}")
    for lab in guide.labs:
        if lab.length > LAB:
            yield _on(lab, "guide-too-long", f"the lab has {lab.length:,} characters, more than {LAB:,}")


def _twice(guide: Guide, known: dict[str, str], key: str, name: str) -> Iterator[Finding]:
    if key in known:
        yield _on(guide, "duplicate-guide-entry", f"{name} is in the guide of {known[key]} already")
    known.setdefault(key, guide.domain)


def _gaps(pack: Pack) -> Iterator[Finding]:
    """What a domain's guide lacks, once the pack has one."""
    have = {guide.domain: guide for guide in pack.guides}
    for domain in pack.outline.domains if have else ():
        guide = have.get(domain.id)
        if guide is None:
            yield broken("guide-gap", f"domain {domain.id} has no guide/{domain.id}.yaml")
        elif lack := [name for name in ("tips", "labs", "reading") if not getattr(guide, name)]:
            yield _on(guide, "guide-gap", f"no {', no '.join(lack)}")


def _short(text: str) -> str:
    return repr(f"{text[:40].rstrip()}..." if len(text) > 43 else text)
