"""Finds the part of a pack that a person names."""

from rapidfuzz import fuzz, utils

from bot.domain.pack import Pack
from bot.usecases.outcome import NoSuchScope

ALIKE = 55  # of 100: a title that near is offered
SAME = 92  # and one that near is meant, if no other is
BEGUN = 97  # the likeness of a word to its first letters
LIKE_A_WORD = 78  # of 100: below it two words have nothing to do with each other
CASE = "case"  # the scope of those who want a case study, played from its first part to its last
CASE_TITLE = "Case study"
_CASES = (CASE, "cases", "case-study", "case-studies")
LONGEST = 80  # characters of a text that are looked at
MOST_WORDS = 6


def scopes(pack: Pack) -> dict[str, str]:
    """Titles of domains, tasks and topics by id, in exam order; last, case studies if there are any."""
    found: dict[str, str] = {}
    for domain in pack.outline.domains:
        found[domain.id] = domain.name
        for task in domain.tasks:
            found[task.id] = task.name
            found.update({topic.id: topic.title for topic in task.topics})
    return found | {CASE: CASE_TITLE} if pack.cases else found


def title_of(pack: Pack, scope: str) -> str:
    """The title of a scope's id."""
    return CASE_TITLE if scope == CASE else scopes(pack).get(scope, scope)


def find_scope(pack: Pack, text: str) -> str | NoSuchScope:
    """The id that a text means, "" for all of the pack, or the nearest titles if it means none."""
    named = scopes(pack)
    wanted = text.strip().lower().replace(" ", "-")
    if not wanted or wanted in ("all", "everything"):
        return ""
    if wanted in named:
        return wanted
    if wanted in _CASES:
        return CASE
    near = nearest(pack, text, most=4)
    meant = [scope for scope, _, likeness in near if likeness >= SAME]
    if len(meant) == 1 or (meant and _whole(text, _names(pack)[meant[0]]) >= SAME):
        return meant[0]
    return NoSuchScope(text.strip()[:60], tuple((scope, title) for scope, title, _ in near))


def nearest(pack: Pack, text: str, most: int) -> list[tuple[str, str, float]]:
    """Ids, titles and likeness (0-100) of the scopes nearest to a text, the likeliest first.

    A text is as like a scope as its words are, long words counting more, to words of the scope's title or id; the
    beginning of a word will do, so that what is half typed is found too.
    """
    wanted = list(dict.fromkeys(utils.default_process(text[:LONGEST]).split()))[:MOST_WORDS]
    if not wanted:
        return []
    hits: list[tuple[float, float, int, str, str]] = []
    for scope, names in _names(pack).items():
        words = [word for name in names[:2] for word in enumerate(utils.default_process(name).split())]
        pairs = [_best(word, words) for word in wanted]
        likeness = sum(len(word) * like for word, (like, _) in zip(wanted, pairs, strict=True)) / sum(map(len, wanted))
        whole = _whole(text, names)
        if (like := max(likeness, whole)) >= ALIKE:
            hits.append((whole if whole >= SAME else 0.0, like, -min(place for _, place in pairs), scope, names[0]))
    hits.sort(key=lambda hit: hit[:3], reverse=True)  # stable: what is equal stays in exam order
    return [(scope, title, like) for _, like, _, scope, title in hits[:most]]


def _best(word: str, among: list[tuple[int, str]]) -> tuple[float, int]:
    """The likeness of the word that is most like `word`, and its place in its name, the first of the likest."""
    likeness, place = max((_like(word, other), -place) for place, other in among)
    return likeness, -place


def _like(word: str, other: str) -> float:
    if word == other:
        return 100.0
    if other.startswith(word):
        return BEGUN
    like = fuzz.ratio(word, other)
    return like if like >= LIKE_A_WORD else 0.0


def _names(pack: Pack) -> dict[str, tuple[str, ...]]:
    """What each scope is called: its title, its id, and for a domain its initials, like "eda"."""
    initials = {domain.id: "".join(word[0] for word in domain.name.split()) for domain in pack.outline.domains}
    return {
        scope: (title, scope, initials[scope]) if scope in initials else (title, scope)
        for scope, title in scopes(pack).items()
    }


def _whole(text: str, names: tuple[str, ...]) -> float:
    """The likeness of a text to the likest of these names as a whole."""
    wanted = utils.default_process(text[:LONGEST])
    return max(fuzz.ratio(wanted, utils.default_process(name)) for name in names)
