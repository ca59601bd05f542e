"""What a pack makes of cases, exercises and cards: entries that can be asked, faces that can be shown."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.card import BACK, FRONT, CardFile, CardKind
from bot.domain.exercise import GENERATORS, Exercise
from bot.domain.ids import CardId, ConceptId, ItemId
from bot.domain.item import Case, MultipleResponse, SingleChoice, Status
from bot.domain.pack import Pack
from tests.content.good import CARDS
from tests.domain.items import choice, facts, ordering, pack

LOG, QUEUE, SPLIT = (ConceptId(name) for name in ("log", "queue", "split"))


def case(name: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return facts(name, "case", stem="A bank has a log.", parts=list(parts), **more)


def with_case(**more: Any) -> Pack:
    """Three concepts; the case stands under the first, and its parts are about each of them."""
    parts = [
        choice("bank-1"),
        choice("bank-2", (0, 1), 5, concept="queue", services=["queue"], note="Mind the gap."),
        ordering().model_dump(mode="json") | {"id": "bank-3", "concept": "queue"},
        choice("bank-4", concept="split") | {"decides": ["a log", "one"]},
    ]
    return pack(
        {
            "streams/log": [choice("log-1"), case("bank", *parts, services=["watcher", "queue"], **more)],
            "streams/queue": [choice("queue-1")],
            "training/split": [choice("split-1")],
        }
    )


def served(bank: Pack) -> dict[str, list[str]]:
    return {concept: [entry.item.id for entry in variants] for concept, variants in bank.served.items()}


def test_each_part_is_a_variant_of_the_concept_it_is_about_and_stands_in_its_place() -> None:
    bank = with_case()
    assert served(bank) == {"log": ["log-1", "bank-1"], "queue": ["bank-2", "queue-1"], "split": ["bank-4", "split-1"]}
    assert bank.entries[ItemId("bank-4")].place.topic.id == "training"
    assert [entry.item.id for entry in bank.cases[ItemId("bank")]] == ["bank-1", "bank-2", "bank-4"]
    assert {entry.case and entry.case.id for entry in bank.cases[ItemId("bank")]} == {"bank"}


def test_a_part_is_asked_with_the_scenario_before_its_question() -> None:
    item = with_case().entries[ItemId("bank-4")].item
    assert isinstance(item, SingleChoice)
    assert item.stem == "A bank has a log.\n\nWhich one?"
    assert all(words in item.stem for words in item.decides)
    again = with_case().entries[ItemId("bank-4")].item
    assert isinstance(again, SingleChoice)
    assert item.version == again.version != SingleChoice.model_validate(choice("bank-4")).version


def test_a_part_has_the_services_and_the_note_of_its_case_and_its_own() -> None:
    entries = with_case(note="As of the exam.").entries
    first, second = entries[ItemId("bank-1")].item, entries[ItemId("bank-2")].item
    assert (first.services, first.note) == (("watcher", "queue"), "As of the exam.")
    assert (second.services, second.note) == (("watcher", "queue"), "Mind the gap.")
    assert isinstance(second, MultipleResponse)
    assert second.keys == {0, 1}


@pytest.mark.parametrize("more", [{"status": "draft"}, {"pool": "mock-1"}])
def test_parts_of_a_draft_or_sealed_case_are_known_and_not_served(more: dict[str, str]) -> None:
    bank = with_case(**more)
    assert served(bank) == {"log": ["log-1"], "queue": ["queue-1"], "split": ["split-1"]}
    assert bank.cases == {}
    assert bank.find(ItemId("bank-2")) is bank.entries[ItemId("bank-2")]


def test_a_draft_part_of_a_reviewed_case_is_left_out() -> None:
    bank = pack({"streams/log": [choice("log-1"), case("bank", choice("bank-1", status="draft"), choice("bank-2"))]})
    assert served(bank) == {"log": ["log-1", "bank-2"]}
    assert bank.entries[ItemId("bank-1")].item.status is Status.DRAFT


def test_a_part_about_a_concept_that_is_nowhere_stays_where_its_case_stands() -> None:
    bank = pack({"streams/log": [case("bank", choice("bank-1", concept="nowhere"), choice("bank-2"))]})
    assert served(bank) == {"log": ["bank-1", "bank-2"]}


def test_the_case_itself_stays_whole_for_those_who_want_it_whole() -> None:
    bank = with_case()
    whole = [entry.item for entry in bank.written if isinstance(entry.item, Case)]
    assert [len(item.parts) for item in whole] == [4]
    assert whole[0].parts[0].stem == "Which one?"
    assert bank.entries[ItemId("bank")].item is whole[0]
    assert bank.variants == {"log": 2, "queue": 2, "split": 2}


def exercising(*names: str) -> Pack:
    bank = pack({"streams/log": [choice("log-1"), choice("log-2")], "training/split": [choice("split-1")]})
    files = tuple(
        file.model_copy(
            update={"concepts": tuple(each.model_copy(update={"exercises": names}) for each in file.concepts)}
        )
        if file.topic == "training"
        else file
        for file in bank.topics
    )
    return replace(bank, topics=files)


def test_an_exercise_is_a_variant_of_the_concept_that_declares_it() -> None:
    bank = exercising("z-score", "nobody-knows")
    assert served(bank) == {"log": ["log-1", "log-2"], "split": ["split-1", "z-score~0"]}
    assert isinstance(bank.served[SPLIT][1].item, Exercise)
    assert bank.variants[SPLIT] == 1, "other numbers are no other angle"


def test_any_exercise_that_was_asked_is_found_by_its_id() -> None:
    bank = exercising("z-score")
    found = bank.find(ItemId("z-score~1a"))
    assert found is not None
    assert found.item == GENERATORS["z-score"].make(46)
    assert (found.concept.id, found.place.topic.id) == ("split", "training")


@pytest.mark.parametrize("name", ["z-score~", "z-score~01", "matrix-f1~1a", "nobody~1", "nobody", ""])
def test_what_this_pack_does_not_ask_is_not_found(name: str) -> None:
    assert exercising("z-score").find(ItemId(name)) is None


def test_fresh_numbers_are_for_exercises_alone() -> None:
    written, exercise = exercising("z-score").served[SPLIT]
    assert written.fresh(7) is written
    assert exercise.fresh(7).item == GENERATORS["z-score"].make(7)
    assert exercise.fresh(7).concept is exercise.concept


def carded(**fields: Any) -> Pack:
    """The good cards, all reviewed unless told otherwise."""
    reviewed: dict[str, Any] = {"status": "reviewed", "reviewed_on": date(2026, 1, 2), **fields}
    files: list[Any] = [{**file, "cards": [{**card, **reviewed} for card in file["cards"]]} for file in CARDS]
    cards = tuple(card for file in files for card in CardFile.model_validate(file).cards)
    return replace(pack({"streams/elastic": [choice("log-1")]}), cards=cards)


FACES = {
    "card-queue": (
        "Amazon Queue: what is it for, what is it not for, and how does SageMaker Watcher differ?",
        (
            "For: holds messages until one reader takes them.",
            "Not for: several readers of the same message.",
            "SageMaker Watcher: looks at models and moves nothing.",
        ),
    ),
    "card-watcher": (
        (
            "SageMaker Watcher (formerly Amazon Old Watch (AOW)): what is it for, what is it not for, and how does "
            "Amazon Queue differ?"
        ),
        (
            "For: compares predictions with a baseline.",
            "Not for: the load of a machine.",
            "Amazon Queue: moves messages and looks at none.",
            "Closed since January 2026; today one schedules a job.",
        ),
    ),
    "card-recall": (
        "Recall: how is it computed, when is it the right metric, and when does it mislead?",
        ("TP / (TP + FN)", "Right when: a miss is dear.", "Misleads when: everything is flagged."),
    ),
    "card-forest": (
        "Random forest: what input does it take, what is it good at, and which hyperparameters matter?",
        ("Input: tables.", "Good at: needs little tuning.", "trees: how many vote."),
    ),
    "card-when-to-batch": (
        "What decides between batches and a stream?",
        ("How old the data may be when it is used.", "Because: a stream costs attention at night."),
    ),
    "card-bagging-boosting": (
        "Bagging or boosting: what is the difference, and when do you choose which?",
        (
            "One trains side by side, the other one after another.",
            "Bagging: when single models vary too much.",
            "boosting: when single models are too simple.",
        ),
    ),
}


@pytest.mark.parametrize("name", FACES)
def test_a_card_asks_for_all_that_its_back_tells(name: str) -> None:
    entry = carded().deck[CardId(name)]
    assert (entry.front, entry.back) == FACES[name]
    assert len(entry.front) <= FRONT
    assert len("\n".join(entry.back)) <= BACK


def test_the_deck_knows_place_and_concept_of_each_card() -> None:
    deck = carded().deck
    assert list(deck) == list(FACES)
    assert {entry.card.kind for entry in deck.values()} == set(CardKind)
    queue, recall = deck[CardId("card-queue")], deck[CardId("card-recall")]
    assert (queue.place.topic.id, queue.concept and queue.concept.id) == ("streams", "elastic")
    assert (recall.place.domain.id, recall.concept) == ("models", None)


def test_drafts_and_cards_of_unknown_topics_are_not_dealt() -> None:
    assert carded(status="draft").deck == {}
    assert carded(topic="nowhere").deck == {}


def test_a_card_that_names_an_unknown_service_still_has_its_faces() -> None:
    card = CardFile.model_validate(CARDS[0]).cards[0]
    assert card.front({}).startswith("queue: what is it for")
    assert card.back({})[-1] == "watcher: looks at models and moves nothing."
