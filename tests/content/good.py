"""A small pack without a fault, as plain data to damage, and a large bank made by rule."""

import copy
from datetime import date
from random import Random
from typing import Any

from bot.domain.card import CardFile
from bot.domain.guide import Guide
from bot.domain.pack import Outline, Pack, TopicFile

Data = dict[str, Any]
WHY = "Because {} keeps this apart from the others, it would suit another stated case."
SOURCE = ["https://docs.example.com/guide"]


def outline(*, weights: tuple[int, int] = (50, 50)) -> Data:
    def domain(name: str, task: str, topics: list[tuple[str, str]], weight: int) -> Data:
        listed = [{"id": topic, "title": topic, "complexity": "low", "frequency": how} for topic, how in topics]
        return {"id": name, "name": name, "weight": weight, "tasks": [{"id": task, "name": "Do it", "topics": listed}]}

    return {
        "id": "good",
        "version": "1",
        "license": "CC BY 4.0",
        "exam": {
            "code": "GOOD-1",
            "name": "A good exam",
            "provider": "Nobody",
            "status": "active",
            "languages": ["English"],
            "minutes": 60,
            "questions": {"total": 10, "scored": 8, "unscored": 2},
            "pass_mark": 700,
            "scale": [100, 1000],
            "item_types": ["single", "multiple", "ordering", "matching", "case"],
            "experience": "One year.",
            "results": "At once.",
            "scoring": "Compensatory.",
            "retake_wait_days": 14,
            "successors": [{"code": "GOOD-2", "name": "A better exam", "mapping": {"data": "Data, again"}}],
            "audience": "Readers of tests.",
            "sources": SOURCE,
            "verified_on": date(2026, 1, 1),
        },
        "domains": [
            domain("data", "1.1", [("streams", "high")], weights[0]),
            domain("models", "2.1", [("training", "low")], weights[1]),
        ],
        "services": {
            "queue": {"name": "Amazon Queue"},
            "watcher": {
                "name": "SageMaker Watcher",
                "formerly": "Amazon Old Watch (AOW)",
                "state": "closed",
                "since": date(2026, 1, 1),
                "source": SOURCE[0],
            },
        },
    }


def option(text: str, *, key: bool = False) -> Data:
    return {"text": text, "key": key, "why": WHY.format("the constraint")}


def _facts(name: str, kind: str, **more: Any) -> Data:
    return {
        "id": name,
        "type": kind,
        "format": "trade-off",
        "difficulty": "easy",
        "level": "apply",
        "services": ["queue"],
        "as_of": date(2026, 1, 1),
        "sources": list(SOURCE),
        **more,
    }


SINGLE_1 = _facts(
    "streams-1",
    "single",
    stem="A retailer sends four thousand events a second from its shops and wants them in a bucket as columnar "
    "files, no more than fifteen minutes old. Two engineers look after everything and want the least "
    "operational overhead. Which design meets these requirements?",
    decides=["the least operational overhead"],
    options=[
        option("Send them to a managed delivery stream that converts records on the way.", key=True),
        option("Run a consumer on virtual machines and let it write the objects in batches."),
        option("Operate brokers with connectors that poll topics and flush to storage hourly."),
        option("Let each shop upload one object per purchase through a gateway with a function."),
    ],
)
SINGLE_2 = _facts(
    "streams-2",
    "single",
    stem="A railway measures vibration on every bridge. Three teams, each with its own program, must read the same"
    " signals independently, and one of them replays yesterday whenever its detector changes. Nothing may be "
    "lost during a deployment of any reader. Which kind of ingestion should the architects choose?",
    decides=["replays yesterday"],
    options=[
        option("A queue that deletes each message after its first successful reader."),
        option("A durable log that several consumers read at positions of their own.", key=True),
        option("A delivery service which pushes micro-batches into one warehouse table."),
        option("A nightly file transfer from gateways into the archive of the railway."),
    ],
)
MULTIPLE_1 = _facts(
    "streams-3",
    "multiple",
    stem="A bank scores card payments while the customer waits at the till. During sales the traffic grows tenfold"
    " within minutes, and the auditors ask for proof that no payment went unscored. The budget leaves no room"
    " for idle machines at night. Which actions should the bank take? Choose TWO.",
    decides=["no room for idle machines"],
    options=[
        option("Scale the scoring fleet on its backlog, down to zero when traffic ends.", key=True),
        option("Provision capacity for the largest sale and keep it throughout the year."),
        option("Write a receipt for each score and compare receipts with payments daily.", key=True),
        option("Sample one payment in a hundred and score the sample with a batch job."),
        option("Disable retries, so that slow scores are dropped before the till times out."),
    ],
)
MULTIPLE_2 = copy.deepcopy(MULTIPLE_1) | {
    "id": "streams-4",
    "stem": "Photographs arrive from drones over a farm by a satellite link that fails for hours. Growers need a "
    "count of sick plants before noon, though a late photograph is welcome in the weekly summary. The link "
    "costs money per megabyte, and the operator pays for it alone. Which steps should the operator plan? "
    "Choose THREE.",
    "decides": ["costs money per megabyte"],
    "options": [
        option("Shrink pictures on board to the resolution which the detector was trained on.", key=True),
        option("Buffer pictures on the drone until the connection is back, newest at the front.", key=True),
        option("Stream video at full quality to the office and pick the frames at headquarters."),
        option("Process what came late in a separate weekly run that rewrites the summary.", key=True),
        option("Block the morning count until each picture of the previous day has arrived."),
        option("Hire a second satellite provider and transmit the pictures over both links."),
    ],
}
ORDERING = _facts(
    "training-1",
    "ordering",
    stem="A hospital trains a first model on scans that three scanners produced over eight years. Patients appear "
    "more than once, and the physicians want an honest estimate for patients whom the model has never met "
    "before. Put the steps into the order in which the hospital should take them.",
    steps=[
        {"text": "Group scans by patient.", "place": 1, "why": WHY.format("the grouping")},
        {"text": "Split the groups.", "place": 2, "why": WHY.format("the split")},
        {"text": "Fit and evaluate.", "place": 3, "why": WHY.format("the evaluation")},
    ],
)
MATCHING = _facts(
    "training-2",
    "matching",
    stem="A city forecasts the load of its trams, labels complaints by subject and looks for broken ticket "
    "machines. The new colleague has read about many ways to judge a model and asks which of them belongs to "
    "which of these three. Give each task the measure that fits it.",
    pairs=[
        {"prompt": "Tram load", "match": "Mean error", "why": WHY.format("the forecast")},
        {"prompt": "Complaints", "match": "Macro F1", "why": WHY.format("the labelling")},
        {"prompt": "Broken machines", "match": "Precision at ten", "why": WHY.format("the ranking")},
    ],
)
CASE = _facts(
    "training-3",
    "case",
    stem="A publisher recommends articles. Readers complain that yesterday's news is on top, editors complain that"
    " small subjects vanish, and the finance department caps the monthly bill. The recommender is trained on "
    "Sundays from the clicks of a quarter and serves from a table that is computed once per night.",
    parts=[
        _facts(
            "training-3-a",
            "single",
            stem="Which change brings fresh articles up first at the lowest price?",
            decides=["lowest price"],
            options=[
                option("Boost scores by age when the table is computed at night.", key=True),
                option("Train the recommender hourly on the clicks of the quarter."),
                option("Serve each page from a large language model with search."),
                option("Double the editors' staff and let them sort by hand daily."),
            ],
        ),
        _facts(
            "training-3-b",
            "single",
            concept="elastic",
            stem="Which measurement shows best whether small subjects vanish?",
            decides=["small subjects vanish"],
            options=[
                option("Clicks per session across the whole front page."),
                option("Share of recommended articles by subject.", key=True),
                option("Loss on the clicks of the last Sunday."),
                option("Latency of the table at the busiest hour."),
            ],
        ),
    ],
)


def _card(card: str, topic: str = "streams", **fields: Any) -> Data:
    return {"id": card, "topic": topic, "as_of": date(2026, 1, 1), "sources": list(SOURCE), **fields}


CARDS: list[Data] = [
    {
        "kind": "service",
        "cards": [
            _card(
                "card-queue",
                concept="elastic",
                service="queue",
                does="holds messages until one reader takes them.",
                not_for="several readers of the same message.",
                neighbor="watcher",
                difference="looks at models and moves nothing.",
            ),
            _card(
                "card-watcher",
                "training",
                service="watcher",
                does="compares predictions with a baseline.",
                not_for="the load of a machine.",
                neighbor="queue",
                difference="moves messages and looks at none.",
                note="Closed since January 2026; today one schedules a job.",
            ),
        ],
    },
    {
        "kind": "metric",
        "cards": [
            _card(
                "card-recall",
                "training",
                name="Recall",
                formula="TP / (TP + FN)",
                right_when="a miss is dear.",
                misleading_when="everything is flagged.",
            )
        ],
    },
    {
        "kind": "algorithm",
        "cards": [
            _card(
                "card-forest",
                "training",
                name="Random forest",
                input="tables.",
                strengths="needs little tuning.",
                hyperparameters=[{"name": "trees", "does": "how many vote."}],
            )
        ],
    },
    {
        "kind": "decision",
        "cards": [
            _card(
                "card-when-to-batch",
                question="What decides between batches and a stream?",
                answer="How old the data may be when it is used.",
                because="a stream costs attention at night.",
            )
        ],
    },
    {
        "kind": "contrast",
        "cards": [
            _card(
                "card-bagging-boosting",
                "training",
                left="Bagging",
                right="boosting",
                difference="One trains side by side, the other one after another.",
                choose_left="when single models vary too much.",
                choose_right="when single models are too simple.",
            )
        ],
    },
]
GUIDES: list[Data] = [
    {
        "domain": "data",
        "tips": ["Say how old the data may be before you read the options."],
        "labs": [
            {
                "id": "lab-queue",
                "title": "Send a message twice",
                "steps": ["Create a queue.", "Send the same message twice and read both."],
                "outcome": "You have seen that the queue does not care.",
                "topics": ["streams"],
                "minutes": 20,
                "cost": "Nothing worth counting.",
                "cleanup": "Delete the queue.",
            }
        ],
        "reading": [
            {
                "title": "The guide",
                "url": SOURCE[0],
                "questions": ["How long does a message stay?"],
                "topics": ["streams", "training"],
                "revisit": True,
            }
        ],
    },
    {
        "domain": "models",
        "tips": ["Ask what an error costs, then choose the metric."],
        "labs": [
            {
                "id": "lab-split",
                "title": "Split by patient",
                "steps": ["Split rows at random and train.", "Split by patient, train again and compare."],
                "outcome": "You know by how much the first estimate was too good.",
                "topics": ["training"],
                "minutes": 45,
                "cost": "An hour of a small notebook instance.",
                "cleanup": "Stop and delete the notebook instance.",
            }
        ],
        "reading": [
            {
                "title": "Another guide",
                "url": "https://docs.example.com/splits",
                "questions": ["Which splitters know groups?"],
                "topics": ["training"],
            }
        ],
    },
]


def good() -> Data:
    """The small pack: every item type, an exercise, a card of every kind, guides, and no finding."""
    return copy.deepcopy(
        {
            "outline": outline(),
            "topics": [
                {
                    "topic": "streams",
                    "concepts": [
                        {"id": "one-reader", "knows": "Delivery needs no consumer.", "items": [SINGLE_1, SINGLE_2]},
                        {"id": "elastic", "knows": "Scale on backlog.", "items": [MULTIPLE_1, MULTIPLE_2]},
                    ],
                },
                {
                    "topic": "training",
                    "concepts": [
                        {
                            "id": "honest",
                            "knows": "Split by group.",
                            "items": [ORDERING, MATCHING, CASE],
                            "exercises": ["stratified-split"],
                        }
                    ],
                },
            ],
            "cards": CARDS,
            "guides": GUIDES,
        }
    )


def build(data: Data) -> Pack:
    """The pack that this data describes."""
    topics = tuple(TopicFile.model_validate(topic) for topic in data["topics"])
    cards = (card for file in data.get("cards", ()) for card in CardFile.model_validate(file).cards)
    guides = (Guide.model_validate(guide) for guide in data.get("guides", ()))
    return Pack(Outline.model_validate(data["outline"]), topics, tuple(cards), tuple(guides))


_SYLLABLES = [consonant + vowel for consonant in "bdgklmnprst" for vowel in "aeo"]


def _words(random: Random, count: int) -> str:
    return " ".join("".join(random.choices(_SYLLABLES, k=3)) for _ in range(count))


def _text(random: Random, characters: int) -> str:
    return _words(random, characters // 6)[: characters - 1].strip().ljust(characters - 1, "x") + "."


def bank(size: int = 120) -> Data:
    """A bank of reviewed single-choice items, half in each domain, that keeps every limit.

    Distractors have 60, 58 and 56 characters; the key has 59, in every fifth item 62.
    """
    random = Random(size)
    data: Data = {"outline": outline(), "topics": [{"topic": "streams"}, {"topic": "training"}]}
    for half, topic in enumerate(data["topics"]):
        topic["concepts"] = []
        for number in range(size // 2):
            options = [option(_text(random, length)) for length in (60, 58, 56)]
            options.insert(number % 4, option(_text(random, 62 if number % 5 == 0 else 59), key=True))
            item = _facts(
                f"item-{half}-{number}",
                "single",
                status="reviewed",
                reviewed_on=date(2026, 1, 2),
                stem=f"{_words(random, 45).capitalize()}. Which design should {_words(random, 3)} choose?",
                decides=["Which design"],
                options=options,
            )
            item["format"] = ("trade-off", "integration", "failure-analysis", "security")[number % 4]
            item["difficulty"] = ("easy", "medium", "hard")[number % 3]
            if number % 2 == 0:
                topic["concepts"].append({"id": f"concept-{half}-{number}", "knows": "It.", "items": []})
            topic["concepts"][-1]["items"].append(item)
    return data


def items(data: Data) -> list[Data]:
    """Every item of the data, to change in place."""
    return [item for topic in data["topics"] for concept in topic["concepts"] for item in concept["items"]]
