"""Every rule has an example that trips it and nothing else, and the good pack trips none."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.domain.check import check
from bot.domain.check.rules import RULES, Severity
from tests.content.good import Data, _text, bank, build, good, items, option

Damage = Callable[[Data], object]
SINGLE, SECOND, MULTIPLE, TRIPLE, ORDERING, MATCHING, CASE = range(7)
FILE_RULES = {  # of files rather than of what they say: see test_library_faults.py
    "unreadable-file",
    "broken-yaml",
    "duplicate-field",
    "schema",
    "misplaced-file",
    "unknown-topic",
    "duplicate-id",
    "folder-name",
}


def put(number: int, **fields: object) -> Damage:
    """Sets fields of one item."""
    return lambda data: items(data)[number].update(fields)


def text(number: int, place: int, words: str, field: str = "text") -> Damage:
    """Sets a text of one option."""
    return lambda data: items(data)[number]["options"][place].update({field: words})


def swap(number: int, old: str, new: str) -> Damage:
    """Changes words of one stem."""

    def damage(data: Data) -> None:
        item = items(data)[number]
        assert old in item["stem"]
        item["stem"] = item["stem"].replace(old, new)

    return damage


def outline(*path: str, value: object) -> Damage:
    """Sets a field of the outline."""

    def damage(data: Data) -> None:
        part = data["outline"]
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = value

    return damage


def options(number: int, *texts: str, key: int = 0) -> Damage:
    """Sets all options of one item."""
    made = [option(words, key=place == key) for place, words in enumerate(texts)]
    return put(number, options=made)


def part(number: int, **fields: object) -> Damage:
    """Sets fields of one part of the case."""
    return lambda data: items(data)[CASE]["parts"][number].update(fields)


def exercises(number: int, *names: str) -> Damage:
    """Sets the exercises of one concept."""

    def damage(data: Data) -> None:
        concepts = [concept for topic in data["topics"] for concept in topic["concepts"]]
        concepts[number]["exercises"] = list(names)

    return damage


def _cards(data: Data, kind: str) -> Any:
    return next(file["cards"] for file in data["cards"] if file["kind"] == kind)


def card(kind: str, **fields: object) -> Damage:
    """Sets fields of the first card of a kind."""
    return lambda data: _cards(data, kind)[0].update(fields)


def _twin_card(kind: str, **fields: object) -> Damage:
    """Adds a card that differs from the first of its kind in these fields."""
    return lambda data: _cards(data, kind).append({**_cards(data, kind)[0], "id": f"card-twin-{kind}", **fields})


def lab(**fields: object) -> Damage:
    """Sets fields of the first lab."""
    return lambda data: data["guides"][0]["labs"][0].update(fields)


def page(**fields: object) -> Damage:
    """Sets fields of the first page to read."""
    return lambda data: data["guides"][0]["reading"][0].update(fields)


def tips(*texts: str, add: bool = False) -> Damage:
    """Sets or adds the tips of the first guide."""

    def damage(data: Data) -> None:
        guide = data["guides"][0]
        guide["tips"] = [*guide["tips"], *texts] if add else list(texts)

    return damage


def _twin(data: Data) -> None:
    first, second = items(data)[:2]
    second["stem"] = first["stem"].replace("retailer", "grocer").replace("four", "nine")
    second["decides"] = first["decides"]


def _part_pool(data: Data) -> None:
    items(data)[CASE]["parts"][0]["pool"] = "mock-1"


def _too_long(data: Data) -> None:
    for each in items(data)[SINGLE]["options"]:
        each["why"] = "Because " + "this is said at very great length, " * 24


def _lone(data: Data) -> None:
    del data["topics"][0]["concepts"][0]["items"][1]


def _places(data: Data) -> None:
    items(data)[ORDERING]["steps"][2]["place"] = 4


def _waived(data: Data) -> None:
    text(SINGLE, 1, "Always run a consumer on virtual machines that writes the objects.")(data)
    put(SINGLE, waive={"absolute-word": "the word is what the item asks about"})(data)


BROKEN: list[tuple[str, Damage]] = [
    ("weights-sum", lambda data: data["outline"]["domains"][0].update(weight=40)),
    ("questions-sum", outline("exam", "questions", "scored", value=9)),
    ("unknown-domain", lambda data: data["outline"]["exam"]["successors"][0].update(mapping={"ops": "Nowhere"})),
    ("service-undated", outline("services", "watcher", "since", value=None)),
    ("unknown-service", put(SINGLE, services=["quueue"])),
    ("unknown-task", put(SINGLE, also=["9.9"])),
    ("reviewed-undated", put(SINGLE, status="reviewed")),
    ("sealed-outside-pool", _part_pool),
    ("too-long", _too_long),
    ("too-long", lambda data: items(data)[CASE].update(stem=items(data)[CASE]["stem"] + " It is so." * 330)),
    ("closed-service-key", text(SINGLE, 0, "Send them to SageMaker Watcher, which converts records on the way.")),
    ("closed-service-key", text(SINGLE, 0, "Send them to Old Watch, which converts the records on the way.")),
    ("closed-service-key", text(SINGLE, 0, "Send the events to AOW, which converts the records on the way.")),
    ("type-outside-exam", outline("exam", "item_types", value=["single", "multiple", "ordering", "case"])),
    ("single-variant", _lone),
    ("single-variant", put(SECOND, pool="mock-1")),
    ("unknown-concept", part(1, concept="elastics")),
    ("unknown-concept", card("metric", concept="recalling")),
    ("unknown-exercise", exercises(2, "stratified-splits")),
    ("duplicate-exercise", exercises(0, "matrix-recall", "stratified-split")),
    ("duplicate-exercise", exercises(0, "matrix-recall", "matrix-recall")),
    ("case-half-reviewed", part(0, status="reviewed", reviewed_on=date(2026, 1, 2))),
    ("case-half-reviewed", put(CASE, status="reviewed", reviewed_on=date(2026, 1, 2))),
    ("key-count", lambda data: items(data)[SINGLE]["options"][1].update(key=True)),
    ("key-count", lambda data: items(data)[SINGLE]["options"][0].update(key=False)),
    ("key-count", lambda data: [each.update(key=True) for each in items(data)[MULTIPLE]["options"]]),
    (
        "near-duplicate-options",
        text(SINGLE, 1, "Send them to a managed delivery stream that converts records on its way"),
    ),
    ("combined-option", text(SINGLE, 3, "None of the above designs meets what the retailer needs here.")),
    ("combined-option", text(SINGLE, 3, "Both A and C are needed, since neither is enough for the shops.")),
    ("unsorted-numbers", options(SINGLE, "5 %", "20 %", "10 %", "40 %")),
    ("ordering-places", _places),
    ("key-length", text(SINGLE, 0, "Send them to a managed delivery stream " + "that does quite a lot of things " * 3)),
    ("option-lengths", text(SINGLE, 1, "Run a consumer.")),
    ("absolute-word", text(SINGLE, 1, "Always run a consumer on virtual machines that writes the objects.")),
    ("vague-word", text(SINGLE, 1, "Usually run a consumer on virtual machines that writes the objects.")),
    ("stem-echo", text(SINGLE, 0, "Put events of all-day shops in columnar files in a bucket within minutes.")),
    ("choose-count", swap(MULTIPLE, "Choose TWO.", "Choose THREE.")),
    ("choose-count", swap(MULTIPLE, " Choose TWO.", "")),
    ("choose-count", swap(SINGLE, "requirements?", "requirements? Choose TWO.")),
    ("decides-not-in-stem", put(SINGLE, decides=["The least operational overhead"])),
    ("near-duplicate-stem", _twin),
    ("not-in-capitals", swap(SINGLE, "Which design meets", "Which design does not meet")),
    (
        "lead-in",
        swap(SINGLE, "Which design meets these requirements?", "Name the design that meets these requirements."),
    ),
    (
        "short-scenario",
        put(SINGLE, stem="Two engineers want the least operational overhead. Which design should they choose?"),
    ),
    ("grammar-cue", swap(SINGLE, "A retailer sends", "An retailer sends")),
    ("grammar-cue", swap(SECOND, "Which kind of ingestion should", "Which two services should")),
    ("grammar-cue", swap(MULTIPLE, "Which actions should", "Which action should")),
    ("short-rationale", text(SINGLE, 1, "Because it costs more.", "why")),
    (
        "rationale-names-position",
        text(SINGLE, 1, "Because option A needs no consumer, this one is too much work.", "why"),
    ),
    (
        "rationale-names-position",
        text(SINGLE, 1, "C is better because it needs no consumer that someone must run.", "why"),
    ),
    (
        "rationale-names-position",
        text(SINGLE, 1, "Because the first option needs no consumer, this is too much work.", "why"),
    ),
    ("unknown-waiver", put(SINGLE, waive={"key-lenght": "a typo"})),
    ("forbidden-waiver", put(SINGLE, waive={"decides-not-in-stem": "no reason is good enough"})),
    ("unused-waiver", put(SINGLE, waive={"key-length": "nothing is too long here"})),
    ("unknown-topic", card("decision", topic="steams")),
    ("unknown-topic", lab(topics=["steams"])),
    ("unknown-topic", page(topics=["streams", "steams"])),
    ("unknown-service", _twin_card("service", service="quueue")),
    ("unknown-service", card("service", neighbor="quueue")),
    ("reviewed-undated", card("metric", status="reviewed")),
    ("near-duplicate-card", _twin_card("service", service="watcher", note="Discontinued in effect.")),
    ("near-duplicate-card", _twin_card("metric", name="recall")),
    ("near-duplicate-card", _twin_card("algorithm", name="Forest, random")),
    ("near-duplicate-card", _twin_card("contrast", left="Boosting", right="Bagging")),
    ("near-duplicate-card", _twin_card("decision", question="What decides between a stream and batches?")),
    ("card-too-long", card("decision", question=f"What decides between {'one store, ' * 20} and another?")),
    ("card-too-long", card("metric", right_when="a miss is dear, as everybody knows who ever missed one; " * 12)),
    ("card-too-long", card("algorithm", note="It is older than it looks, and people say so at conferences. " * 12)),
    ("closed-service-card", lambda data: data["cards"][0]["cards"][1].pop("note")),
    ("service-without-card", lambda data: data["cards"][0]["cards"].pop(0)),
    ("duplicate-guide-entry", page(url="https://docs.example.com/splits")),
    ("duplicate-guide-entry", lab(title="split by patient")),
    ("duplicate-guide-entry", tips("Say how old the data may be before you read the options there.", add=True)),
    ("guide-too-long", tips("Read the question before the scenario, since the scenario is long. " * 7)),
    ("guide-too-long", lab(steps=["Create a queue and look at it for a while. " * 40] * 2)),
    ("guide-gap", tips()),
    ("guide-gap", lambda data: data["guides"][1].update(labs=[], reading=[])),
    ("guide-gap", lambda data: data["guides"].pop()),
]


def _each(share: float, change: Callable[[Data], None]) -> Damage:
    """Changes that share of the items that do not have the longest key, spread over positions and domains."""

    def damage(data: Data) -> None:
        plain = [item for item in items(data) if all(len(each["text"]) != 62 for each in item["options"])]
        for item in plain[:: max(1, len(plain) // round(share * len(items(data))))][: round(share * len(items(data)))]:
            change(item)

    return damage


def _resize(to: int) -> Callable[[Data], None]:
    def change(item: Data) -> None:
        for each in item["options"]:
            if each["key"]:
                each["text"] = each["text"][:-1].ljust(to - 1, "y") + "."

    return change


def _first(item: Data) -> None:
    item["options"].sort(key=lambda each: not each["key"])


def _negative(item: Data) -> None:
    item["stem"] = item["stem"].replace("Which design should", "Which design should NOT")


def _absolute(item: Data) -> None:
    wrong = next(each for each in item["options"] if not each["key"])
    wrong["text"] = wrong["text"][:-6] + " only."
    item["waive"] = {"absolute-word": "it is meant to be counted"}


def _without(field: str, value: str, instead: str) -> Damage:
    def damage(data: Data) -> None:
        for item in items(data)[:60]:
            if item[field] == value:
                item[field] = instead

    return damage


def _weights(data: Data) -> None:
    for domain, weight in zip(data["outline"]["domains"], (53, 47), strict=True):
        domain["weight"] = weight


BROKEN_BANKS: list[tuple[str, Damage]] = [
    ("bank-key-longest", _each(0.15, _resize(60))),
    ("bank-key-strictly-longest", _each(0.10, _resize(61))),
    ("bank-key-much-longer", lambda data: [_resize(80)(item) for item in items(data)[::5][:14]]),
    ("bank-key-positions", _each(0.14, _first)),
    ("bank-negative-stems", _each(0.06, _negative)),
    ("bank-absolute-distractors", _each(0.12, _absolute)),
    ("bank-scenarios", _each(0.30, lambda item: item.update(scenario=False))),
    ("bank-domain-weights", _weights),
    ("bank-formats", _without("format", "security", "trade-off")),
    ("bank-difficulties", _without("difficulty", "hard", "easy")),
]


def test_the_good_pack_has_no_finding() -> None:
    assert check(build(good())).findings == ()


def test_the_good_bank_has_no_finding() -> None:
    assert check(build(bank())).findings == ()


@pytest.mark.parametrize(("rule", "damage"), BROKEN, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(BROKEN)])
def test_a_broken_item_trips_exactly_its_rule(rule: str, damage: Damage) -> None:
    data = good()
    damage(data)
    findings = check(build(data)).findings
    assert {finding.rule for finding in findings} == {rule}, findings
    assert {finding.severity for finding in findings} == {RULES[rule].severity}


@pytest.mark.parametrize(("rule", "damage"), BROKEN_BANKS, ids=[rule for rule, _ in BROKEN_BANKS])
def test_a_lopsided_bank_trips_exactly_its_rule(rule: str, damage: Damage) -> None:
    data = bank()
    damage(data)
    findings = check(build(data)).findings
    assert {(finding.rule, finding.severity) for finding in findings} == {(rule, Severity.ERROR)}, findings


def test_every_rule_has_a_broken_example() -> None:
    assert {rule for rule, _ in BROKEN} | {rule for rule, _ in BROKEN_BANKS} | FILE_RULES == set(RULES)


def test_a_waiver_silences_its_rule() -> None:
    data = good()
    _waived(data)
    assert check(build(data)).findings == ()


def test_the_length_of_a_key_may_be_waived_though_it_is_an_error() -> None:
    data = good()
    dict(BROKEN)["key-length"](data)
    put(SINGLE, waive={"key-length": "the command has no shorter form"})(data)
    assert check(build(data)).findings == ()


def test_a_waiver_does_not_silence_what_may_not_be_waived() -> None:
    data = good()
    put(SINGLE, decides=["nowhere"], waive={"decides-not-in-stem": "because"})(data)
    assert {finding.rule for finding in check(build(data)).findings} == {"decides-not-in-stem", "forbidden-waiver"}


def test_a_note_lets_a_closed_service_be_the_key() -> None:
    data = good()
    text(SINGLE, 0, "Send them to SageMaker Watcher, which converts records on the way.")(data)
    put(SINGLE, note="As of the exam; Amazon Queue took its place.")(data)
    assert check(build(data)).findings == ()


@pytest.mark.parametrize(("short", "is_found"), [("Watcher", True), ("watcher", False), ("Watchers", False)])
def test_the_short_name_of_a_closed_service_counts_if_the_item_lists_it(short: str, is_found: bool) -> None:
    data = good()
    text(SINGLE, 0, f"Send them to {short} and let it convert the records on the way.")(data)
    assert check(build(data)).findings == ()
    put(SINGLE, services=["watcher"])(data)
    assert [finding.rule for finding in check(build(data)).findings] == ["closed-service-key"] * is_found


def _says_so(data: Data) -> None:
    closed = _cards(data, "service")[1]
    del closed["note"]
    closed["not_for"] = "newcomers, as it is closed to them."


def _named_by_letters(data: Data) -> None:
    swap(SINGLE, "Two engineers", "Their models A and B both fail. Two engineers")(data)
    text(SINGLE, 3, "Retrain both A and B on objects that shops upload through a gateway.")(data)


HONEST: dict[str, Damage] = {
    "hours and compounds are not absolute": text(
        SINGLE, 1, "Run a read-only consumer every 5 minutes, every two hours or every night there."
    ),
    "the month of May is not vague": text(SINGLE, 1, "Run a consumer on machines that were bought in May 2025 there."),
    "numbers in ascending order": options(SINGLE, "5 %", "10 %", "20 %", "40 %"),
    "numbers in descending order": options(SINGLE, "1,000", "100", "10", "1"),
    "other units are not compared": options(SINGLE, "90 seconds", "2 minutes", "1 hour", "1 day"),
    "the same sentence with other numbers": options(
        SINGLE,
        "Set the buffer of the delivery stream to 64 MiB and its interval to 300 seconds.",
        "Set the buffer of the delivery stream to 64 MiB and its interval to 600 seconds.",
        "Set the buffer of the delivery stream to 64 MiB and its interval to 899 seconds.",
        "Set the buffer of the delivery stream to 64 MiB and its interval to 60 seconds.",
    ),
    "opposites are not duplicates": options(
        SINGLE,
        "Increase the learning rate.",
        "Decrease the learning rate.",
        "Add more layers.",
        "Drop every fifth row.",
    ),
    "short names may differ in length": options(SINGLE, "Mean absolute error", "Recall", "F1 score", "Accuracy"),
    "models called A and B": _named_by_letters,
    "a negated clause is no negative question": swap(
        SINGLE, "Which design meets these requirements?", "Which design meets this and does not lose events?"
    ),
    "articles go by the sound": swap(
        SINGLE,
        "A retailer sends",
        "An honest, a one-time and a unique retailer, an hourly user of an XGBoost model, sends",
    ),
    "a combination on a single choice": swap(
        SINGLE, "Which design meets these requirements?", "Which combination of services should they use?"
    ),
    "a verb that looks like a plural": swap(
        SINGLE, "Which design meets these requirements?", "Which setting changes the delay at the lowest price?"
    ),
    "numbers of opposite sign": options(SINGLE, "-1.50", "-0.15", "0.15", "1.50"),
    "a case whose type the exam does not have": outline(
        "exam", "item_types", value=["single", "multiple", "ordering", "matching"]
    ),
    "a closed service's card that says so in other words": _says_so,
    "a pack without cards on services": lambda data: data["cards"].pop(0),
    "a pack without cards and guides": lambda data: (data.pop("cards"), data.pop("guides")),
    "metrics whose names share a word": _twin_card("metric", name="Recall at ten"),
    "algorithms of one family": _twin_card("algorithm", name="Random cut forest"),
    "a metric and an algorithm of one name": card("algorithm", name="Recall"),
    "a rationale about choices and letters": text(
        SINGLE, 1, "Because C and Java programs are a first choice for devices, option 2x is not meant.", "why"
    ),
}


@pytest.mark.parametrize("damage", HONEST.values(), ids=HONEST)
def test_an_honest_item_is_left_alone(damage: Damage) -> None:
    data = good()
    damage(data)
    assert check(build(data)).findings == ()


def test_stems_of_other_length_or_case_parts_are_no_duplicates() -> None:
    data = good()
    parts = items(data)[CASE]["parts"]
    parts[1]["stem"] = parts[0]["stem"]
    parts[1]["decides"] = parts[0]["decides"]
    items(data)[SECOND].update(stem=items(data)[SINGLE]["stem"].split(". ")[-1], decides=["design"], scenario=False)
    assert check(build(data)).findings == ()


def test_a_text_of_given_length_has_that_length() -> None:
    from random import Random

    assert {len(_text(Random(seed), 59)) for seed in range(50)} == {59}
