"""Flashcards: the front, the back in its place, the end of a hand."""

from bot.chat.intent import Cards, Flip, Practice, Recall
from bot.chat.view import Style, View
from bot.domain.practice import DEFAULT_SIZE
from bot.present.layout import Page, button, sources, when
from bot.present.words import Words
from bot.usecases.outcome import Dealt, HandPlayed


def dealt(outcome: Dealt, words: Words) -> View:
    """The front with a way to see the back; or both, and the question whether it was known."""
    ask, entry = outcome.ask, outcome.entry
    domain = entry.place.domain.name
    head = words("card-head", number=ask.number, size=outcome.session.size, domain=domain)
    page = Page().line(head, Style.STRONG)
    if not outcome.is_turned:
        page.gap().line(entry.front)
        return page.row(button(words("card-show"), Flip(ask.id), primary=True)).view()
    page.line(entry.front, Style.QUOTE)
    for line in entry.back:
        page.gap().line(line)
    page.gap().spans(*sources(words, entry.card.sources))
    knew, not_yet = Recall(ask.id, knew=True), Recall(ask.id, knew=False)
    return page.row(button(words("card-knew"), knew), button(words("card-not-yet"), not_yet)).view()


def hand_played(outcome: HandPlayed, words: Words) -> View:
    """How many were known, and when cards come again."""
    page = Page().line(words("hand-head", known=outcome.known, cards=outcome.cards), Style.STRONG)
    page.line(words("hand-all" if outcome.known == outcome.cards else "hand-some"))
    if outcome.due_now:
        page.line(words("hand-due", due=outcome.due_now))
    elif outcome.next_due:
        page.line(words("hand-next", when=when(words, outcome.next_due, outcome.now)))
    scope = outcome.session.scope
    more = button(words("more-cards"), Cards(scope), primary=True)
    return page.row(more, button(words("new-questions"), Practice(scope, DEFAULT_SIZE))).view()
