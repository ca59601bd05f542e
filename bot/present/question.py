"""A question, the wait for how sure, the verdict: the same message in three states."""

from dataclasses import replace

from bot.chat.intent import Blame, Mark, Next, Pick, Practice, Progress, Rate, Submit
from bot.chat.view import Button, Style, View
from bot.domain.answer import Cause, Confidence
from bot.domain.item import MultipleResponse
from bot.domain.practice import DEFAULT_SIZE
from bot.present.blocks import block_name
from bot.present.countdown import put_off
from bot.present.layout import LETTERS, Page, button, letters, sources, when
from bot.present.words import Words
from bot.usecases.outcome import Finished, Graded, Posed, Pushed
from bot.usecases.scope import CASE

RIGHT, WRONG, MARKED = "✅ ", "❌ ", "✓ "  # before a letter; the same in every language


def question(posed: Posed, words: Words, page: Page | None = None) -> View:
    """The stem and the lettered options, with a button for each."""
    page = _stem(posed, words, page or Page()).gap()
    _options(posed, page)
    ask = posed.ask
    if isinstance(posed.item, MultipleResponse):
        marks: list[Button] = []
        for place, option in enumerate(ask.order):
            marked = option in ask.marked
            label = f"{MARKED}{LETTERS[place]}" if marked else LETTERS[place]
            marks.append(button(label, Mark(ask.id, place, not marked)))
        full = len(ask.marked) == len(posed.item.keys)
        return page.rows(marks, 5).row(button(words("submit"), Submit(ask.id), primary=full)).view()
    picks = [button(LETTERS[place], Pick(ask.id, place)) for place in range(len(ask.order))]
    return page.row(*picks).view()


def pushed(outcome: Pushed, words: Words) -> View:
    """The daily message: a line of greeting, then its first question."""
    page = Page().line(words("push-head"), Style.STRONG)
    if outcome.booking is not None and outcome.days is not None and outcome.block is not None:
        what = block_name(outcome.block, outcome.pack, words)
        left = words("days-left", n=outcome.days)
        page.line(words("push-plan", left=left, code=outcome.pack.exam.code, what=what))
    if outcome.is_slow:
        page.line(words("push-slow"))
    elif outcome.block is None:
        page.line(words("push-due", due=outcome.due))
    view = question(outcome.posed, words, page.gap())
    if not outcome.key:
        return view
    return replace(view, rows=(*view.rows, *put_off(Page(), outcome.key, words, tomorrow=True).view().rows))


def locked(posed: Posed, words: Words) -> View:
    """The question with its answer locked, and how sure the learner is asked."""
    page = _stem(posed, words, Page()).gap()
    _options(posed, page)
    page.gap().line(words("picked", letters=letters(_places(posed, posed.ask.marked))), Style.STRONG)
    return page.row(*(button(words(level.value), Rate(posed.ask.id, level)) for level in Confidence)).view()


def verdict(outcome: Graded, words: Words) -> View:
    """Right or wrong, every option's rationale, what decides, the source, and Next."""
    posed, attempt = outcome.posed, outcome.attempt
    page = Page().line(_head(posed, words)).line(_headline(outcome, words), Style.STRONG)
    page.line(posed.item.stem, Style.QUOTE)
    parts = ", ".join(words("decides-part", part=part) for part in posed.item.decides)
    page.line(words("decides", words=parts)).gap()
    for place, index in enumerate(posed.ask.order):
        option = posed.item.options[index]
        mark = RIGHT if option.key else WRONG if index in attempt.chosen else ""
        page.line(f"{mark}{LETTERS[place]}. {option.text}", Style.STRONG)
        page.line(option.why).gap()
    if posed.item.note:
        page.line(words("note", text=posed.item.note))
    page.spans(*sources(words, posed.item.sources))
    if outcome.due_at:
        page.gap().line(words("again", when=when(words, outcome.due_at, outcome.now)))
    if not attempt.is_right:
        _cause(outcome, words, page)
    onward = words("finish") if outcome.is_last else words("next")
    return page.row(button(onward, Next(posed.ask.id), primary=True)).view()


def finished(outcome: Finished, words: Words) -> View:
    """The end of a session."""
    right, answers = outcome.tally.right, outcome.tally.answers
    page = Page().line(words("finished-head", right=right, answers=answers), Style.STRONG)
    mood = "none" if not answers else "all" if right == answers else "most" if right * 10 >= answers * 7 else "some"
    page.line(words(f"finished-{mood}"))
    if outcome.due_now:
        page.line(words("finished-due", due=outcome.due_now))
    elif outcome.next_due:
        page.line(words("finished-next", when=when(words, outcome.next_due, outcome.now)))
    if not outcome.has_reminder:
        page.line(words("finished-remind"))
    label = words("another-case") if outcome.session.scope == CASE else words("more", size=DEFAULT_SIZE)
    more = Practice(outcome.session.scope, DEFAULT_SIZE)
    return page.row(button(label, more, primary=True), button(words("see-progress"), Progress())).view()


def _stem(posed: Posed, words: Words, page: Page) -> Page:
    return page.line(_head(posed, words), Style.STRONG).gap().line(posed.item.stem)


def _head(posed: Posed, words: Words) -> str:
    domain = posed.entry.place.domain.name
    head = words("question-head", number=str(posed.ask.number), size=str(posed.session.size), domain=domain)
    return head if posed.minutes_left is None else f"{head} · {words('set-clock', minutes=max(0, posed.minutes_left))}"


def _options(posed: Posed, page: Page) -> None:
    for place, index in enumerate(posed.ask.order):
        page.line(f"{LETTERS[place]}. {posed.item.options[index].text}")


def _places(posed: Posed, options: frozenset[int]) -> list[int]:
    return [place for place, index in enumerate(posed.ask.order) if index in options]


def _headline(outcome: Graded, words: Words) -> str:
    posed, attempt = outcome.posed, outcome.attempt
    keys = letters(_places(posed, posed.item.keys))
    if not attempt.is_right:
        return words("verdict-wrong", chosen=letters(_places(posed, attempt.chosen)), letters=keys)
    lucky = attempt.confidence is Confidence.GUESS
    return words("verdict-lucky" if lucky else "verdict-right", letters=keys)


def _cause(outcome: Graded, words: Words, page: Page) -> None:
    if outcome.attempt.cause:
        page.gap().line(words("cause-noted", cause=outcome.attempt.cause.value))
        return
    page.gap().line(words("ask-cause"), Style.STRONG)
    ask = outcome.posed.ask.id
    page.rows([button(words(f"cause-{cause.value}"), Blame(ask, cause)) for cause in Cause], 3)
