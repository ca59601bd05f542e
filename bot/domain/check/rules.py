"""The rules of a good pack: what each is called, how grave it is, what it says and how to mend it.

Source: Haladyna, Downing & Rodriguez 2002 (doi 10.1207/s15324818ame1503_5) and the NBME item-writing checklist (BMC
Med Educ 2016, s12909-016-0559-7) for what gives a key away; Moore et al. 2023 (doi 10.1007/978-3-031-42682-7_16) for
telling it by machine. The numbers are this project's choice; each is a constant beside its rule.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import ItemId


class Severity(StrEnum):
    """Whether a finding stops a pack from being shipped."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a machine can tell of a pack."""

    id: str  # stable: waivers and the authors' guide name it
    severity: Severity
    says: str  # what holds in a good pack
    fix: str  # what to do where it does not hold
    is_waivable: bool = False  # whether an item may say `waive: {rule: reason}`


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of a file, the way editors and terminals link to it."""

    path: str
    line: int  # counted from 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold somewhere."""

    rule: str
    severity: Severity
    item: ItemId | None  # None: it is about a file or the pack as a whole
    message: str
    fix: str
    where: Spot | None = None  # None until the library, which knows the files, has placed it


def _error(name: str, says: str, fix: str) -> Rule:
    return Rule(name, Severity.ERROR, says, fix)


def _warning(name: str, says: str, fix: str) -> Rule:
    return Rule(name, Severity.WARNING, says, fix, is_waivable=True)


_FILES = (
    _error("unreadable-file", "A file can be opened, is UTF-8 and is not empty.", "save it as UTF-8 text with content"),
    _error("broken-yaml", "A file is valid YAML.", "check the indentation, quotes and brackets at this line"),
    _error("duplicate-field", "A field is given once.", "delete one of the two; YAML would silently keep the last"),
    _error(
        "schema", "Fields have the names, types and sizes of the schema.", "compare with content/README.md, The files"
    ),
    _error("misplaced-file", "A file stands where its topic, kind or domain belongs.", "move or rename it"),
    _error("unknown-topic", "A topic that a file names is in pack.yaml.", "add it to pack.yaml or correct the name"),
    _error("duplicate-id", "An id is given to one thing only.", "choose another id"),
    _error("folder-name", "The pack's id is its folder's name.", "rename the folder or change the id"),
)
_OUTLINE = (
    _error("weights-sum", "The weights of the domains add up to 100.", "correct the weights from the exam guide"),
    _error("questions-sum", "Scored and unscored questions add up to the total.", "correct the exam's questions"),
    _error("unknown-domain", "A guide, or a successor's mapping, names domains of this pack.", "correct the id"),
    _error(
        "service-undated",
        "A service that is not open says since when and where that is announced.",
        "add since and source to the service in pack.yaml",
    ),
)
_FACTS = (
    _error("unknown-service", "A service an item or card names is in pack.yaml.", "add it there or correct the slug"),
    _error("unknown-task", "A task under also is in pack.yaml.", "correct the task's id, e.g. '1.2'"),
    _error("reviewed-undated", "A reviewed item or card says when it was reviewed.", "add reviewed_on: YYYY-MM-DD"),
    _error("sealed-outside-pool", "A part of a case is kept for the case's pool.", "give part and case the same pool"),
    _error("unknown-concept", "A concept that a part or card names is in a topic file.", "correct the concept's id"),
    _error("unknown-exercise", "An exercise that a concept declares exists.", "use the id of one that exists"),
    _error("duplicate-exercise", "An exercise is declared once in a pack.", "leave it to the concept it fits best"),
    _error("too-long", "Stem, options and rationales have at most 3,400 characters.", "shorten the stem or rationales"),
    _error(
        "closed-service-key",
        "A service closed to new customers is no key without a note.",
        "add a note: say 'as of the exam' and name today's successor; or choose another key",
    ),
    _warning("case-half-reviewed", "A case and its parts are reviewed together.", "review what is a draft, too"),
    _warning("type-outside-exam", "An item is of a type that the exam asks.", "use a type of exam.item_types"),
    _warning(
        "single-variant",
        "A concept of a high-frequency topic has two variants to practice with.",
        "write a second item with another scenario and angle, outside the sealed pools",
    ),
)
_OPTIONS = (
    _error("key-count", "A single choice has one key; a multiple response two or three.", "correct key: true"),
    _error("near-duplicate-options", "Options differ in what they say.", "rewrite one; move shared words to the stem"),
    _error("combined-option", "No option is all or none of the above, or both A and B.", "write a real alternative"),
    _error("unsorted-numbers", "Numeric options are in ascending or descending order.", "sort the options by number"),
    _error(
        "ordering-places", "Places of an ordering run from 1 without gap or repeat.", "number the steps 1, 2, 3 ..."
    ),
    Rule(
        "key-length",
        Severity.ERROR,
        "A key has less than 1.5 times the mean length of the distractors.",
        "cut the key or make the distractors as concrete as it is; or waive with a reason",
        is_waivable=True,
    ),
    _warning("option-lengths", "The longest option has at most 3 times the shortest.", "write options of one kind"),
    _warning("absolute-word", "Options avoid always, never, only, all, every, must.", "say what exactly holds"),
    _warning("vague-word", "Options avoid often, usually, may.", "say how much or under which condition"),
    _warning("stem-echo", "The key does not repeat the stem's words more than others.", "use other words in the key"),
)
_STEM = (
    _error("choose-count", "A multiple response ends in Choose TWO. or THREE., as many as keys.", "correct the ending"),
    _error("decides-not-in-stem", "The deciding words stand in the stem.", "copy them from the stem letter by letter"),
    _error("near-duplicate-stem", "No two stems of the pack are nearly the same.", "change scenario and angle"),
    _warning("not-in-capitals", "A negative question says NOT or EXCEPT in capitals.", "better: ask positively"),
    _warning("lead-in", "The stem ends in a question.", "end it with one question, then Choose TWO. if it applies"),
    _warning(
        "short-scenario", "A scenario has 40 words or more.", "tell who, what and the constraint; or scenario: false"
    ),
    _warning("grammar-cue", "Articles and number of nouns fit and give no hint.", "correct a/an, or singular/plural"),
)
_RATIONALE = (
    _error("short-rationale", "A rationale has 8 words or more.", "say because of what, and when it would be right"),
    _error(
        "rationale-names-position",
        "A rationale names no letter or position; options are shuffled.",
        "name the thing itself",
    ),
)
_CARDS = (
    _error("near-duplicate-card", "No two cards of a kind ask about the same thing.", "delete one, or merge them"),
    _error(
        "card-too-long", "A front has at most 200 characters, a back 700.", "shorten; a second card may take the rest"
    ),
    _error(
        "closed-service-card",
        "The card of a service closed to new customers says so.",
        "add a note: since when, and what one uses today",
    ),
    Rule("service-without-card", Severity.WARNING, "Every service has a card, once one has.", "write the cards"),
)
_GUIDES = (
    _error("duplicate-guide-entry", "A tip, lab or page is in the guides once.", "delete one"),
    _error("guide-too-long", "A tip has at most 400 characters, a lab 3,000.", "shorten it, or make two of it"),
    Rule(
        "guide-gap", Severity.WARNING, "Every domain has tips, labs and reading, once one has.", "write what is missing"
    ),
)
_WAIVERS = (
    _error("unknown-waiver", "A waiver names a rule that exists.", "correct the rule's id or delete the waiver"),
    _error("forbidden-waiver", "A waiver names a rule that may be waived.", "mend the item and delete the waiver"),
    Rule("unused-waiver", Severity.WARNING, "A waiver silences something.", "delete the waiver"),
)
_BANK = (
    _error("bank-key-longest", "Keys are the longest option (ties count) in 33 % or less.", "lengthen distractors"),
    _error("bank-key-strictly-longest", "Keys alone are longest in 28 % or less.", "lengthen distractors"),
    _error("bank-key-much-longer", "Keys have 1.25 x the next length in 10 % or less.", "even out the worst items"),
    _error("bank-key-positions", "Each position holds 20-30 % of the keys.", "reorder options in the files"),
    _error("bank-negative-stems", "At most 5 % of stems say NOT or EXCEPT.", "ask positively"),
    _error("bank-absolute-distractors", "At most 10 % have absolute words in distractors only.", "reword them"),
    _error("bank-scenarios", "At least 75 % of the items are scenarios.", "turn direct questions into cases"),
    _error("bank-domain-weights", "Items by domain are within 2 points of its weight.", "write where items lack"),
    _error("bank-formats", "Every format is found in every domain.", "write an item of the missing format"),
    _error("bank-difficulties", "Every difficulty is found in every domain.", "write an item of the missing band"),
)

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (*_FILES, *_OUTLINE, *_FACTS, *_OPTIONS, *_STEM, *_RATIONALE, *_WAIVERS, *_CARDS, *_GUIDES, *_BANK)
}


def broken(
    rule: str, message: str, item: ItemId | None = None, *, where: Spot | None = None, severity: Severity | None = None
) -> Finding:
    """A finding of that rule, as grave as the rule is unless told otherwise."""
    law = RULES[rule]
    return Finding(rule, severity or law.severity, item, message, law.fix, where)
