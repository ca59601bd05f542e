"""Tips, labs and reading, and which lab is next."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.chat import intent as wants
from bot.domain.guide import GuidePart
from bot.domain.ids import PackId
from bot.domain.learner import Energy
from bot.domain.pack import Pack
from bot.store.tables import tick
from bot.usecases.dated import Energized
from bot.usecases.outcome import (
    AskDomain,
    Asked,
    EmptyScope,
    Graded,
    Guided,
    Hitch,
    Hitched,
    LabShown,
    NoSuchScope,
    Offer,
    Outcome,
)
from tests.domain.decks import decked, guide
from tests.store.engines import on_sqlite
from tests.usecases.room import Guest, Room

MLS = PackId("mls-c01")


@pytest.fixture
def guided(room: Room) -> Pack:
    """Two domains with two labs each."""
    room.packs[MLS] = decked(guides=(guide("data", "streams", "stores"), guide("models", "training")))
    return room.packs[MLS]


def lab(outcome: Outcome) -> str:
    assert isinstance(outcome, LabShown), outcome
    return outcome.lab.id


def page(outcome: Outcome) -> Guided:
    assert isinstance(outcome, Guided), outcome
    return outcome


@on_sqlite
def test_a_guide_is_read_from_domain_to_domain_part_to_part(guest: Guest, guided: Pack) -> None:
    outcome = guest.says("/guide")
    assert isinstance(outcome, AskDomain)
    assert [domain.id for domain in outcome.domains] == ["data", "models"]
    tips = page(guest.taps(wants.Guide("models")))
    assert (tips.domain.id, tips.part, tips.page) == ("models", GuidePart.TIPS, 0)
    assert "• Sleep." in guest.view.text
    reading = page(guest.taps(wants.Guide("models", GuidePart.READING)))
    assert reading.part is GuidePart.READING
    assert "• Why?" in guest.view.text
    labs = page(guest.taps(wants.Guide("models", GuidePart.LABS)))
    assert labs.done == frozenset()
    assert lab(guest.taps(wants.Lab("lab-models-1"))) == "lab-models-1"
    assert page(guest.taps(wants.Guide)).part is GuidePart.TIPS
    assert isinstance(guest.taps(wants.Guide("")), AskDomain)


@on_sqlite
@pytest.mark.parametrize(
    ("words", "domain"), [("data", "data"), ("streams", "data"), ("2.1", "models"), ("Training", "models")]
)
def test_a_topic_means_its_domain(guest: Guest, guided: Pack, words: str, domain: str) -> None:
    assert page(guest.says(f"/guide {words}")).domain.id == domain


@on_sqlite
def test_what_the_pack_does_not_have_is_said(guest: Guest, room: Room, guided: Pack) -> None:
    outcome = guest.says("/guide modls")
    assert isinstance(outcome, NoSuchScope)
    assert outcome.offer is Offer.GUIDE
    assert page(guest.taps(wants.Guide)).domain.id == "models"
    room.packs[MLS] = replace(guided, guides=guided.guides[:1])
    assert guest.says("/guide training") == EmptyScope("models", Offer.GUIDE)
    assert isinstance(guest.taps(wants.Guide), AskDomain)
    room.packs[MLS] = decked()
    assert guest.says("/guide") == EmptyScope("", Offer.GUIDE)
    assert guest.says("/lab") == EmptyScope("", Offer.LAB)
    assert isinstance(guest.taps(wants.Practice), Asked)


def test_a_lab_that_is_done_is_marked_and_the_next_is_another(guest: Guest, room: Room, guided: Pack) -> None:
    first = lab(guest.says("/lab data"))
    assert first == "lab-data-0"
    outcome = guest.taps(wants.LabDone)
    assert isinstance(outcome, LabShown)
    assert (outcome.is_done, outcome.lab.id) == (True, first)
    assert "✅ Done." in guest.view.text
    assert lab(guest.does(wants.LabDone(first), is_tap=True)) == first, "twice is once"
    assert len(room.select(sa.select(tick))) == 1
    guest.does(wants.LabDone(first), is_tap=True)
    assert lab(guest.taps(wants.Lab)) == "lab-data-1"
    assert lab(guest.says("/lab data")) == "lab-data-1"
    assert page(guest.does(wants.Guide("data", GuidePart.LABS))).done == {first}
    assert "✅ Do it" in [button.label for button in guest.view.buttons]
    guest.does(wants.LabDone("lab-data-1"), is_tap=True)
    assert lab(guest.says("/lab data")) == first, "all done: from the beginning"


@on_sqlite
def test_a_lab_is_found_by_its_topic(guest: Guest, guided: Pack) -> None:
    assert lab(guest.says("/lab stores")) == "lab-data-1"
    assert lab(guest.says("/lab streams")) == "lab-data-0"
    assert lab(guest.says("/lab 2.1")) == "lab-models-0"
    outcome = guest.says("/lab trainin")
    assert lab(outcome if isinstance(outcome, LabShown) else guest.taps(wants.Lab)) == "lab-models-0"
    assert guest.does(wants.LabDone("lab-nowhere"), is_tap=True) == Hitched(Hitch.GONE)


@on_sqlite
def test_a_topic_without_a_lab_offers_another(guest: Guest, room: Room, guided: Pack) -> None:
    room.packs[MLS] = replace(guided, guides=(guide("data", "streams"),))
    assert guest.says("/lab stores") == EmptyScope("Stores", Offer.LAB)
    assert lab(guest.taps(wants.Lab)) == "lab-data-0"


def answer(guest: Guest, scope: str, *, right: bool) -> None:
    assert isinstance(guest.says(f"/quiz {scope} 1"), Asked)
    assert isinstance(guest.answers(right=right), Graded)


@on_sqlite
def test_much_energy_leads_to_a_lab_of_the_weakest_domain_that_is_left(guest: Guest, guided: Pack) -> None:
    answer(guest, "data", right=True)
    answer(guest, "models", right=False)
    outcome = guest.says("/energy high")
    assert isinstance(outcome, Energized)
    assert outcome.lab is not None
    assert outcome.lab.id == "lab-models-0"
    assert "“Do it” (30 min)" in guest.view.text
    assert lab(guest.taps(wants.Lab)) == "lab-models-0"
    guest.taps(wants.LabDone)
    assert lab(guest.says("/lab")) == "lab-models-1"
    guest.taps(wants.LabDone)
    assert lab(guest.says("/lab")) == "lab-data-0", "the weakest has none left"


@on_sqlite
def test_little_energy_offers_no_lab_and_a_pack_without_labs_none_either(
    guest: Guest, room: Room, guided: Pack
) -> None:
    low = guest.does(wants.Energize(Energy.LOW))
    assert isinstance(low, Energized)
    assert low.lab is None
    room.packs[MLS] = decked()
    high = guest.does(wants.Energize(Energy.HIGH))
    assert isinstance(high, Energized)
    assert high.lab is None


@on_sqlite
def test_every_lab_and_every_guide_of_the_shipped_pack_is_reached_by_its_buttons(guest: Guest, room: Room) -> None:
    pack = room.packs[MLS]
    labs = {one.id for each in pack.guides for one in each.labs}
    reached: set[str] = set()
    guest.says("/guide")
    for domain in [button.intent for button in guest.view.buttons]:
        guest.does(domain, is_tap=True)
        guest.taps(lambda intent: isinstance(intent, wants.Guide) and intent.part is GuidePart.LABS)
        reached |= {button.intent.name for button in guest.view.buttons if isinstance(button.intent, wants.Lab)}
    assert reached == labs
    for name in labs:
        assert lab(guest.does(wants.Lab(name), is_tap=True)) == name
