"""Cards, guides and labs as a person reads them: golden text, pages that fit a phone, and a way through all of them."""

import difflib
from pathlib import Path

import pytest

from bot.chat.intent import Guide as ShowGuide
from bot.chat.view import View
from bot.domain.card import BACK, FRONT
from bot.domain.guide import Guide, GuidePart
from bot.domain.pack import Domain, Pack
from bot.present.guide import LONGEST_PAGE
from bot.present.message import message
from bot.present.words import words_for
from bot.usecases.outcome import AskDomain, Guided, LabShown, Outcome
from tests.adapters.gallery import LEARNER, packs
from tests.adapters.gallery_cards import dealt
from tests.content.good import build, good

EN = words_for("en")
GOLDEN = Path(__file__).parent / "golden" / "cards_and_guides.txt"
GUIDES = [(pack, guide) for pack in packs() for guide in pack.guides]
each_guide = pytest.mark.parametrize(("pack", "guide"), GUIDES, ids=[f"{pack.id} {one.domain}" for pack, one in GUIDES])


def shown(outcome: Outcome) -> View:
    view = message(outcome, EN)
    assert isinstance(view, View)
    return view


def as_text(view: View) -> str:
    rows = "\n".join("  ".join(f"[{one.label}]{'*' if one.primary else ''}" for one in row) for row in view.rows)
    return f"{view.text}\n{rows}\n"


def domain_of(pack: Pack, guide: Guide) -> Domain:
    return next(domain for domain in pack.outline.domains if domain.id == guide.domain)


def reviewed() -> Pack:
    data = good()
    for file in data["cards"]:
        for card in file["cards"]:
            card |= {"status": "reviewed", "reviewed_on": "2026-01-02"}
    return build(data)


def test_they_read_as_they_were_reviewed() -> None:
    pack = reviewed()
    guide = pack.guides[0]
    domain = domain_of(pack, guide)
    outcomes: list[Outcome] = [
        dealt(pack, LEARNER, entry, is_turned=turned) for entry in pack.deck.values() for turned in (False, True)
    ]
    outcomes += [AskDomain(pack.outline.domains)]
    outcomes += [Guided(domain, guide, part, 0, frozenset({guide.labs[0].id})) for part in GuidePart]
    outcomes += [LabShown(lab, domain, is_done=False, following=None) for lab in guide.labs[:1]]
    now = "\n---\n".join(as_text(shown(outcome)) for outcome in outcomes)
    if not GOLDEN.exists():
        GOLDEN.write_text(now, encoding="utf-8")
        pytest.fail(f"{GOLDEN} was missing and is written: read it")
    golden = GOLDEN.read_text(encoding="utf-8")
    changes = difflib.unified_diff(golden.splitlines(), now.splitlines(), "golden", "now", lineterm="")
    assert now == golden, "\n".join(changes)


def test_every_shipped_card_fits_a_phone() -> None:
    for pack in packs():
        for entry in pack.deck.values():
            front, back = (shown(dealt(pack, LEARNER, entry, is_turned=turned)).text for turned in (False, True))
            assert len(front) <= FRONT + 100
            assert len(back) <= FRONT + BACK + 300, entry.card.id
            assert all(line in back for line in entry.back)
            assert entry.front in front


@each_guide
@pytest.mark.parametrize("part", GuidePart)
def test_every_page_fits_a_phone_and_all_of_them_are_a_way_through_the_whole(
    pack: Pack, guide: Guide, part: GuidePart
) -> None:
    domain = domain_of(pack, guide)
    texts, page, turns = [], 0, 0
    while True:
        view = shown(Guided(domain, guide, part, page))
        texts.append(view.text)
        assert len(view.text) <= LONGEST_PAGE
        pages = [
            one.intent.page for one in view.buttons if isinstance(one.intent, ShowGuide) and one.intent.part is part
        ]
        assert (page > 0) == (page - 1 in pages)
        turns += 1
        if page + 1 not in pages:
            break
        page += 1
    whole = "\n".join(texts)
    assert f"{turns} of {turns}" in texts[-1] or turns == 1
    if part is GuidePart.TIPS:
        assert [whole.count(tip) for tip in guide.tips] == [1] * len(guide.tips)
    if part is GuidePart.READING:
        assert all(one.title in whole and all(question in whole for question in one.questions) for one in guide.reading)
    assert shown(Guided(domain, guide, part, 99)).text == texts[-1], "a page that is not there is the last"


@each_guide
def test_every_lab_is_told_whole(pack: Pack, guide: Guide) -> None:
    for lab in guide.labs:
        text = shown(LabShown(lab, domain_of(pack, guide), is_done=False, following=None)).text
        assert all(step in text for step in lab.steps)
        assert f"about {lab.minutes} min" in text
        assert lab.outcome in text
        assert lab.cost in text
        assert lab.cleanup in text
