"""Today, progress, help, and the small answers."""

from dataclasses import replace
from typing import assert_never

from bot.chat.commands import COMMANDS
from bot.chat.intent import Cards, Erase, Guide, Keep, Lab, Practice, Replay, Review, Tap, Today
from bot.chat.view import Notice, Style, View
from bot.domain.practice import DEFAULT_SIZE
from bot.present import plan
from bot.present.layout import Page, button, day, when
from bot.present.words import Words
from bot.usecases.outcome import Day, EmptyScope, Hitched, NoSuchScope, NothingDue, Offer, Standings, Unclear, Word

COMMAND_OF = {Offer.QUESTIONS: "quiz", Offer.CARDS: "cards", Offer.GUIDE: "guide", Offer.LAB: "lab"}


def today(outcome: Day, words: Words) -> View:
    """How much of the day is done, and what is next."""
    page = Page().line(words("today-head"), Style.STRONG)
    shown = _today(outcome, words, page)
    if outcome.ghost is None:
        return shown
    replay = button(words("today-ghost"), Replay(outcome.ghost))
    return replace(shown, rows=(*shown.rows, (replay,)))


def _today(outcome: Day, words: Words, page: Page) -> View:
    if outcome.booking is not None:
        return plan.today(outcome, words, page)
    if outcome.paused_until:
        return page.line(words("today-paused", day=day(words, outcome.paused_until))).view()
    enough = outcome.done >= outcome.goal
    page.line(words("today-done-all" if enough else "today-done", done=outcome.done, goal=outcome.goal)).gap()
    if outcome.due:
        page.line(words("today-due", due=outcome.due))
        if outcome.new:
            page.line(words("today-then-new"))
    else:
        page.line(words("today-new" if outcome.new else "today-rest"))
    left = max(outcome.goal - outcome.done, 0) or DEFAULT_SIZE
    return page.row(button(words("today-go"), Practice("", min(left, DEFAULT_SIZE)), primary=True)).view()


def progress(outcome: Standings, words: Words) -> View:
    """Right answers and concepts met, by domain."""
    page = Page().line(words("progress-head", code=outcome.pack.exam.code), Style.STRONG)
    for domain_id, domain in outcome.pack.domains.items():
        page.gap().line(words("progress-domain", name=domain.name, weight=domain.weight), Style.STRONG)
        concepts = outcome.concepts.get(domain_id, 0)
        tally = outcome.answers.get(domain_id)
        if tally is None:
            page.line(words("progress-nothing", concepts=concepts))
            continue
        met = outcome.met.get(domain_id, 0)
        page.line(words("progress-answers", right=tally.right, answers=tally.answers, met=met, concepts=concepts))
    answers = sum(tally.answers for tally in outcome.answers.values())
    page.gap()
    if not answers:
        page.line(words("progress-start"))
        return page.row(button(words("today-go"), Practice("", DEFAULT_SIZE), primary=True)).view()
    right = sum(tally.right for tally in outcome.answers.values())
    page.line(words("progress-total", right=right, answers=answers, percent=round(100 * right / answers)))
    page.line(words("progress-due", due=outcome.due))
    if outcome.due:
        return page.row(button(words("review-now"), Review(), primary=True)).view()
    return page.row(button(words("new-questions"), Practice("", DEFAULT_SIZE), primary=True)).view()


def nothing_due(outcome: NothingDue, words: Words) -> View:
    """No review now, and when there is one."""
    soon = when(words, outcome.next_due, outcome.now) if outcome.next_due else ""
    page = Page().line(words("nothing-due", next="some" if outcome.next_due else "none", when=soon))
    return page.row(button(words("new-questions"), Practice("", DEFAULT_SIZE), primary=True)).view()


def no_such_scope(outcome: NoSuchScope, words: Words) -> View:
    """The part asked for is not there; the nearest ones a tap away."""
    page = Page().line(words("no-such-scope", given=outcome.given))
    page.line(words("no-such-scope-near" if outcome.near else "no-such-scope-none", command=COMMAND_OF[outcome.offer]))
    return page.rows([button(title, _offered(outcome.offer, scope)) for scope, title in outcome.near], 1).view()


def empty_scope(outcome: EmptyScope, words: Words) -> View:
    """Nothing of what was wanted on a topic yet, or on anything."""
    offer = outcome.offer
    if offer is Offer.QUESTIONS or not outcome.title:
        page = Page().line(words("empty-scope" if outcome.title else f"empty-all-{offer.value}", title=outcome.title))
        return page.row(button(words("new-questions"), Practice("", DEFAULT_SIZE), primary=True)).view()
    page = Page().line(words(f"empty-{offer.value}", title=outcome.title))
    return page.row(button(words(f"all-{offer.value}"), _offered(offer, ""), primary=True)).view()


def _offered(offer: Offer, scope: str) -> Tap:
    """What a button asks for, of a part of the exam."""
    match offer:
        case Offer.QUESTIONS:
            return Practice(scope, DEFAULT_SIZE)
        case Offer.CARDS:
            return Cards(scope)
        case Offer.GUIDE:
            return Guide(scope)
        case Offer.LAB:
            return Lab(scope)
        case _:
            assert_never(offer)


def help_(words: Words) -> View:
    """What there is."""
    page = Page().line(words("help-head")).line(words("help-how")).gap()
    for command in COMMANDS:
        page.line(words("help-command", name=command.name, about=words(f"command-{command.name}")))
    return page.row(button(words("command-today"), Today(), primary=True)).view()


def word(outcome: Word, words: Words) -> View | Notice:
    """Messages that say one thing."""
    match outcome:
        case Word.HELP:
            return help_(words)
        case Word.ASK_FORGET:
            page = Page().line(words("ask-forget"))
            return page.row(button(words("forget-yes"), Erase()), button(words("forget-no"), Keep())).view()
        case (
            Word.FORGOTTEN
            | Word.KEPT
            | Word.NOTHING_TO_FORGET
            | Word.IN_PRIVATE
            | Word.EMPTY_PACK
            | Word.RESUMED
            | Word.IN_A_GROUP
        ):
            return Page().line(words(outcome.value)).view()
        case Word.NOTED | Word.NO_EXAM_TO_SHOW:
            return Notice(words(outcome.value))


def unclear(outcome: Unclear, words: Words) -> View:
    """Words or a command that mean nothing here, and what would."""
    if not outcome.is_command:
        return Page().line(words("unclear")).view()
    if outcome.near:
        return Page().line(words("unclear-command-near", given=outcome.given, near=outcome.near)).view()
    return Page().line(words("unclear-command", given=outcome.given)).view()


def hitch(outcome: Hitched, words: Words) -> Notice:
    """Nothing changed, and why, in a line."""
    return Notice(words(f"hitch-{outcome.hitch.value}", wanted=outcome.wanted))
