"""Tips, labs and reading of a domain, a page at a time."""

from collections.abc import Sequence

from bot.chat.intent import Guide, Lab, LabDone
from bot.chat.view import Button, Span, Style, View
from bot.domain.guide import GuidePart
from bot.present.layout import Page, button
from bot.present.words import Words
from bot.usecases.outcome import AskDomain, Guided, LabShown

LONGEST_PAGE = 900  # characters: what a phone shows without much scrolling

Line = tuple[Span, ...]
Block = Sequence[Line]  # what stays together


def ask_domain(outcome: AskDomain, words: Words) -> View:
    """The domains that have a guide."""
    page = Page().line(words("guide-ask"), Style.STRONG)
    return page.rows([button(domain.name, Guide(domain.id)) for domain in outcome.domains], 1).view()


def guided(outcome: Guided, words: Words) -> View:
    """A page of tips or reading, or the list of labs, with ways to the other parts."""
    domain, part = outcome.domain, outcome.part
    head = words("guide-head", part=part.value, domain=domain.name)
    pages = _pages(_blocks(outcome, words), LONGEST_PAGE - len(words("guide-head-page", head=head, page=99, pages=99)))
    number = min(outcome.page, len(pages) - 1)
    if len(pages) > 1:
        head = words("guide-head-page", head=head, page=number + 1, pages=len(pages))
    page = Page().line(head, Style.STRONG)
    for block in pages[number]:
        page.gap()
        for line in block:
            page.spans(*line)
    if part is GuidePart.LABS:
        page.rows([_lab(outcome, place, words) for place in range(len(outcome.guide.labs))], 1)
    turning = []
    if number:
        turning.append(button(words("guide-back"), Guide(domain.id, part, number - 1)))
    if number < len(pages) - 1:
        turning.append(button(words("guide-more"), Guide(domain.id, part, number + 1), primary=True))
    return page.row(*turning).row(*_elsewhere(outcome, words)).view()


def lab_shown(outcome: LabShown, words: Words) -> View:
    """All of a lab: it is followed with the phone beside the keyboard."""
    lab, domain = outcome.lab, outcome.domain
    page = Page().line(words("lab-head", title=lab.title), Style.STRONG)
    page.line(words("lab-facts", domain=domain.name, minutes=lab.minutes))
    for number, step in enumerate(lab.steps, 1):
        page.gap().line(words("lab-step", number=number, text=step))
    page.gap().line(words("lab-outcome", text=lab.outcome))
    page.gap().line(words("lab-cost", text=lab.cost)).line(words("lab-cleanup", text=lab.cleanup))
    row: list[Button] = []
    if outcome.is_done:
        page.gap().line(words("lab-done"), Style.STRONG)
    else:
        row.append(button(words("lab-finish"), LabDone(lab.id)))
    if outcome.following:
        row.append(button(words("lab-other"), Lab(outcome.following.id)))
    return page.row(*row, button(words("guide-tips"), Guide(domain.id))).view()


def _blocks(outcome: Guided, words: Words) -> list[Block]:
    guide = outcome.guide
    match outcome.part:
        case GuidePart.TIPS:
            found: list[Block] = [((Span(words("guide-tip", text=tip)),),) for tip in guide.tips]
        case GuidePart.LABS:
            found = [((Span(words("guide-labs")),),)] if guide.labs else []
        case GuidePart.READING:
            found = []
            for page in guide.reading:
                title = words("guide-reading", title=page.title, revisit="yes" if page.revisit else "no")
                questions = ((Span(words("guide-question", text=question)),) for question in page.questions)
                found.append(((Span(title, Style.STRONG, str(page.url)),), *questions))
    return found or [((Span(words("guide-nothing")),),)]


def _pages(blocks: Sequence[Block], room: int) -> list[list[Block]]:
    """The blocks in order, as many to a page as fit; one that fits no page has one for itself."""
    pages: list[list[Block]] = []
    left = 0
    for block in blocks:
        length = sum(len(span.text) for line in block for span in line) + len(block) + 1  # with its line breaks
        if not pages or length > left:
            pages.append([])
            left = room
        pages[-1].append(block)
        left -= length
    return pages


def _lab(outcome: Guided, place: int, words: Words) -> Button:
    lab = outcome.guide.labs[place]
    done = "yes" if lab.id in outcome.done else "no"
    return button(words("guide-lab", done=done, title=lab.title, minutes=lab.minutes), Lab(lab.id))


def _elsewhere(outcome: Guided, words: Words) -> list[Button]:
    """The ways to the parts that there are, and to the other domains."""
    guide, here = outcome.guide, outcome.part
    labels = {
        GuidePart.TIPS: ("guide-tips", guide.tips),
        GuidePart.LABS: ("guide-labs-button", guide.labs),
        GuidePart.READING: ("guide-reading-button", guide.reading),
    }
    found = [
        button(words(key), Guide(guide.domain, part))
        for part, (key, holds) in labels.items()
        if holds and part is not here
    ]
    return [*found, button(words("guide-domains"), Guide())]
