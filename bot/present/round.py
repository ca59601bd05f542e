"""A round of a battle: its question, what came of it, and the wait for a room that can't be reached."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.chat.intent import Strike
from bot.chat.view import Quiz, Span, Style, View
from bot.domain.battle import Battle, Kind, Mode, Player, Round
from bot.domain.pack import Entry
from bot.domain.score import Mark
from bot.present.layout import LETTERS, Page, button, letters, sources
from bot.present.question import RIGHT
from bot.present.roster import called, listed, shortened, title
from bot.present.words import Words
from bot.usecases.fought import ResultShown, RoundShown, Waiting

LONGEST_WHY = 200  # characters of an explanation that a poll shows
MOST_RIGHT, MOST_RASH, MOST_OUT = 8, 3, 8  # names in a result
BAR, LONGEST_BAR = "█", 10
MINUTE = timedelta(minutes=1)
PLATFORMS = {"telegram": "Telegram", "discord": "Discord", "terminal": "Terminal"}  # as they call themselves


def round_shown(outcome: RoundShown, words: Words) -> View:
    """The question with its time, a button for each option, and the same as a quiz poll."""
    battle, round_, item = outcome.battle, outcome.round, outcome.item
    head = _head(battle, round_, outcome.entry, words)
    page = Page().line(head, Style.STRONG)
    _time(outcome, words, page)
    page.gap().line(item.stem).gap()
    options = [item.options[index].text for index in round_.order]
    for place, option in enumerate(options):
        page.line(f"{LETTERS[place]}. {option}")
    if outcome.answered:
        several = "battle-answered-daily" if battle.kind is Kind.DAILY else "battle-answered"
        page.gap().line(words(several, answered=outcome.answered, players=outcome.players))
    page.row(
        *(button(LETTERS[place], Strike(battle.id, round_.number, place)) for place in range(len(options))),
    )
    view = replace(page.view(), thread=title(words, battle, outcome.code))
    if battle.kind is Kind.GHOST:
        return view
    why = " ".join(item.options[index].why for index in round_.order if item.options[index].key)
    quiz = Quiz(
        question=f"{head}\n{item.stem}",
        options=tuple(options),
        keys=frozenset(place for place, index in enumerate(round_.order) if index in item.keys),
        open_s=_open_s(battle, round_),
        explanation=shortened(why, LONGEST_WHY),
    )
    return replace(view, quiz=quiz)


def result_shown(outcome: ResultShown, words: Words) -> View:
    """What was right and why, what was chosen how often, and who was right; nobody's wrong choice has a name."""
    battle, round_, item = outcome.battle, outcome.round, outcome.item
    keys = letters([place for place, index in enumerate(round_.order) if index in item.keys])
    page = Page().line(_head(battle, round_, outcome.entry, words), Style.STRONG)
    page.line(words("battle-key", letters=keys), Style.STRONG)
    if not outcome.as_reply:
        page.line(item.stem, Style.QUOTE)
    _distribution(outcome, page.gap())
    _names(outcome, words, page.gap())
    parts = ", ".join(words("decides-part", part=part) for part in item.decides)
    page.gap().line(words("decides", words=parts)).gap()
    for place, index in enumerate(round_.order):
        if index in item.keys:
            page.spans(Span(f"{RIGHT}{LETTERS[place]}. ", Style.STRONG), Span(item.options[index].why))
    tempting = _most_chosen_wrong(outcome)
    if tempting is not None:
        letter = LETTERS[round_.order.index(tempting)]
        page.spans(Span(words("battle-tempting", letter=letter), Style.STRONG), Span(f" {item.options[tempting].why}"))
    return page.spans(*sources(words, item.sources)).view()


def waiting(outcome: Waiting, words: Words) -> View:
    """A room can't be reached."""
    names = ", ".join(PLATFORMS.get(platform, platform) for platform in outcome.platforms)
    return (
        Page()
        .line(words("battle-waiting", platforms=names, n=len(outcome.platforms), number=outcome.battle.number))
        .view()
    )


def _head(battle: Battle, round_: Round, entry: Entry, words: Words) -> str:
    domain = entry.place.domain.name
    kind = battle.kind.value
    return words("battle-round", kind=kind, number=round_.number, rounds=battle.rules.rounds, domain=domain)


def _time(outcome: RoundShown, words: Words, page: Page) -> None:
    round_ = outcome.round
    if outcome.battle.kind is not Kind.DAILY:
        page.line(words("battle-clock", all=round_.seconds, read=round_.reading_s, answer=round_.answer_s))
        return
    open_for = timedelta(seconds=_open_s(outcome.battle, round_))
    hours, rest = divmod(round(open_for / MINUTE), 60)
    time = words("hours-minutes", h=hours, m=rest) if rest else words("hours", n=hours)
    opened = round_.opened.get(outcome.hall.place, round_.posed_at)
    page.spans(
        Span(words("battle-daily-result")),
        Span(" "),
        Span(words("battle-daily-after", time=time), until=opened + open_for),
    )


def _open_s(battle: Battle, round_: Round) -> int:
    return battle.open_s if battle.kind is Kind.DAILY and battle.open_s else round_.seconds


def _distribution(outcome: ResultShown, page: Page) -> None:
    round_, item = outcome.round, outcome.item
    for place, index in enumerate(round_.order):
        chosen = sum(index in one.chosen for one in outcome.struck)
        bar = BAR * max(1, round(LONGEST_BAR * chosen / len(outcome.struck))) if chosen else ""
        share = f"{bar} {chosen}".strip()
        mark = RIGHT if index in item.keys else ""
        style = Style.STRONG if index in item.keys else Style.PLAIN
        if outcome.as_reply:
            page.line(f"{mark}{LETTERS[place]} {share}", style)
        else:
            page.line(f"{mark}{LETTERS[place]}. {item.options[index].text}", style)
            if chosen:
                page.line(share)


def _names(outcome: ResultShown, words: Words, page: Page) -> None:
    marked = _marked(outcome)
    answers = len(marked)
    right = sorted((one for one in marked if one[1].is_right), key=lambda one: (one[1].took_s, one[0].name))
    names = [_timed(player, mark, outcome.battle, words) for player, mark in right]
    if right:
        page.line(
            words("battle-right", n=len(right), answers=answers, names=listed(words, names, MOST_RIGHT)), Style.STRONG
        )
    else:
        page.line(words("battle-right-none" if answers else "battle-no-answers"), Style.STRONG)
    costs = [(player, mark) for player, mark in marked if mark.is_rash and mark.points < 0 and not player.is_ghost]
    if costs and outcome.battle.kind is not Kind.DAILY:
        rash = listed(words, sorted(called(player) for player, _ in costs), MOST_RASH)
        page.line(words("battle-rash", names=rash, points=min(mark.points for _, mark in costs)))
    if outcome.battle.rules.mode is Mode.SUDDEN:
        _fallen(outcome, words, page)


def _marked(outcome: ResultShown) -> list[tuple[Player, Mark]]:
    """Who answered, now or back then, with what became of it."""
    own = [(one, outcome.marks[one.learner]) for one in _of(outcome, ghosts=False) if one.learner in outcome.marks]
    then = [(one, outcome.ghosts[one.learner]) for one in _of(outcome, ghosts=True) if one.learner in outcome.ghosts]
    return own + then


def _of(outcome: ResultShown, *, ghosts: bool) -> Sequence[Player]:
    return [player for player in outcome.players if player.is_ghost is ghosts]


def _timed(player: Player, mark: Mark, battle: Battle, words: Words) -> str:
    if battle.kind is Kind.DAILY:
        return called(player)
    key = "battle-raced" if battle.rules.mode is Mode.RACE else "battle-timed"
    return words(key, name=called(player), seconds=round(mark.took_s, 1), points=mark.points)


def _fallen(outcome: ResultShown, words: Words, page: Page) -> None:
    out = sorted(called(player) for player in outcome.players if player.out == outcome.round.number)
    if out:
        page.line(words("battle-out", n=len(out), names=listed(words, out, MOST_OUT)))
    elif not any(mark.is_right for _, mark in _marked(outcome)):
        page.line(words("battle-out-none"))


def _most_chosen_wrong(outcome: ResultShown) -> int | None:
    item = outcome.item
    chosen = {
        index: sum(index in one.chosen for one in outcome.struck)
        for index in outcome.round.order
        if index not in item.keys
    }
    best = max(chosen, key=lambda index: chosen[index])
    return best if chosen[best] else None
