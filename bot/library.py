"""Reads packs from the content folder: YAML in, checked frozen values out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.domain.card import Card, CardFile, CardKind
from bot.domain.check.guides import guide_spot
from bot.domain.check.report import Report, check
from bot.domain.check.rules import Finding, Spot, broken
from bot.domain.check.schema import field_names, schemas
from bot.domain.guide import Guide
from bot.domain.ids import PackId
from bot.domain.pack import Outline, Pack, TopicFile
from bot.errors import PackError

OUTLINE = "pack.yaml"
CARDS, GUIDE = "cards", "guide"  # folders beside those of the domains
Shape = TypeVar("Shape", bound=BaseModel)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is about ten times as fast
_TAGS = {"type": "single, multiple, ordering, matching or case", "kind": ", ".join(CardKind)}
_HINTS = {
    "missing": "add the field",
    "string_pattern_mismatch": "ids are lower-case words and numbers joined by hyphens",
    "too_short": "add what is missing",
    "too_long": "take out what is too much",
}


@dataclass(frozen=True)
class Library:
    """The packs that this process serves."""

    packs: dict[PackId, Pack]

    @property
    def default(self) -> Pack:
        """The pack for those who did not choose: the first by folder name."""
        return next(iter(self.packs.values()))


def load_library(folder: Path) -> Library:
    """All packs below a content folder.

    Raises:
        PackError: no pack is there, or one is broken; every fault is named with file and line.
    """
    packs = [load_pack(path) for path in pack_folders(folder)]
    return Library({pack.id: pack for pack in packs})


def pack_folders(folder: Path) -> list[Path]:
    """The folders of all packs below a content folder, by name.

    Raises:
        PackError: no pack is there.
    """
    found = sorted(path.parent for path in folder.glob(f"*/{OUTLINE}"))
    if not found:
        raise PackError(
            f"{folder}: no pack here. A pack is a folder with a {OUTLINE}; "
            "TMINUS_CONTENT_DIR names the folder that holds the packs, e.g. TMINUS_CONTENT_DIR=content"
        )
    return found


def find_pack(named: Path, content: Path) -> Path:
    """The folder of the pack that an author names, by its path or by its name in the content folder.

    Raises:
        PackError: there is none; names those that there are.
    """
    places = (named, content / named)
    whole = (folder for folder in places if (folder / OUTLINE).is_file())
    begun = (folder for folder in places if folder.is_dir())  # the check says what it lacks
    if found := next(whole, None) or next(begun, None):
        return found
    there = ", ".join(folder.name for folder in pack_folders(content))
    raise PackError(f"{named}: neither a pack's folder nor a pack in {content}, which has {there}")


def load_pack(folder: Path) -> Pack:
    """One pack's folder, read and put together.

    Raises:
        PackError: lists every fault as `file:line: what is wrong; what to do`.
    """
    reading = _read_pack(folder)
    if reading.pack is None or reading.faults:
        raise PackError("\n".join(f"{fault.where}: {fault.message}; {fault.fix}" for fault in reading.faults))
    return reading.pack


def check_pack(folder: Path) -> Report:
    """What is wrong or doubtful in a pack's folder; one broken file does not hide the faults of the others."""
    reading = _read_pack(folder)
    if reading.pack is None:
        return Report(folder.name, tuple(reading.faults), None)
    report = check(reading.pack, reading.spots)
    hushed = "unknown-concept" if reading.faults else ""  # it may stand in a file that could not be read
    findings = (finding for finding in report.findings if finding.rule != hushed)
    return Report(report.name, (*reading.faults, *findings), report.bank)


def write_schemas(folder: Path) -> list[Path]:
    """Writes the JSON Schema files into the content folder, and returns their paths."""
    paths = []
    for name, text in schemas().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


@dataclass(frozen=True, slots=True)
class _Reading:
    """A folder as far as it could be read."""

    pack: Pack | None
    faults: list[Finding]
    spots: dict[str, Spot]  # of ids in topic, card and guide files, of guides; under "" the pack's own file


@dataclass(frozen=True, slots=True)
class _File(Generic[Shape]):
    """A file that could be read, with its nodes, which know their lines."""

    path: Path
    value: Shape
    root: yaml.Node


def _read_pack(folder: Path) -> _Reading:
    faults: list[Finding] = []
    spots = {"": Spot(str(folder / OUTLINE), 1)}
    outline = _read(folder / OUTLINE, Outline, faults)
    paths = sorted(path for path in folder.glob("*/*.yaml") if path.parent.name not in (CARDS, GUIDE))
    files = [_read(path, TopicFile, faults) for path in paths]
    card_files = [_read(path, CardFile, faults) for path in sorted(folder.glob(f"{CARDS}/*.yaml"))]
    guide_files = [_read(path, Guide, faults) for path in sorted(folder.glob(f"{GUIDE}/*.yaml"))]
    if outline is None:
        return _Reading(None, faults, spots)
    homes = _homes(outline.value)
    faults += _outline_faults(folder, outline)
    faults += _unread(folder)
    topics: dict[str, TopicFile] = {}
    for file in files:
        if file and not _is_elsewhere(file, folder, homes, faults) and not _has_taken_ids(file, spots, faults):
            topics[file.value.topic] = file.value
    in_order = tuple(topics[name] for name in homes if name in topics)
    cards = tuple(_cards(card_files, spots, faults))
    guides = _guides(guide_files, outline.value, spots, faults)
    return _Reading(Pack(outline.value, in_order, cards, guides), faults, spots)


def _cards(files: Iterable[_File[CardFile] | None], spots: dict[str, Spot], faults: list[Finding]) -> Iterator[Card]:
    """The cards of all files that bear their kind's name and hold no id that is taken."""
    for file in filter(None, files):
        kind = file.value.kind.value
        if file.path.stem != kind and not file.path.stem.startswith(f"{kind}-"):
            said = f"cards of kind {kind!r} stand in {CARDS}/{kind}.yaml or {CARDS}/{kind}-*.yaml"
            faults.append(broken("misplaced-file", said, where=Spot(str(file.path), _line(file.root, ("kind",)))))
        elif not _has_taken_ids(file, spots, faults):
            yield from file.value.cards


def _guides(
    files: Iterable[_File[Guide] | None], outline: Outline, spots: dict[str, Spot], faults: list[Finding]
) -> tuple[Guide, ...]:
    """The guides in the order of the exam's domains, each from the file named after its domain."""
    found: dict[str, Guide] = {}
    for file in filter(None, files):
        domain, where = file.value.domain, Spot(str(file.path), _line(file.root, ("domain",)))
        if domain not in (known := [each.id for each in outline.domains]):
            said = f"domain {domain!r} is not in {OUTLINE}, which has {', '.join(known)}"
            faults.append(broken("unknown-domain", said, where=where))
        elif file.path.stem != domain:
            said = f"the guide of domain {domain!r} is {GUIDE}/{domain}.yaml"
            faults.append(broken("misplaced-file", said, where=where))
        elif not _has_taken_ids(file, spots, faults):
            spots[guide_spot(domain)] = where
            found[domain] = file.value
    return tuple(found[domain.id] for domain in outline.domains if domain.id in found)


def _homes(outline: Outline) -> dict[str, str]:
    """The file, below the pack's folder, that belongs to each topic, in exam order."""
    return {
        topic.id: f"{domain.id}/{topic.id}.yaml"
        for domain in outline.domains
        for task in domain.tasks
        for topic in task.topics
    }


def _outline_faults(folder: Path, file: _File[Outline]) -> Iterator[Finding]:
    outline, path, name = file.value, str(file.path), folder.absolute().name
    if outline.id != name:
        said = f"id {outline.id!r} is not the folder's name, {name!r}"
        yield broken("folder-name", said, where=Spot(path, _line(file.root, ("id",))))
    lines = dict(_ids(file.root))  # the last of each, as it is the second that is too many
    tasks = [task for domain in outline.domains for task in domain.tasks]
    topics = [topic.id for task in tasks for topic in task.topics]
    for kind in ([domain.id for domain in outline.domains], [task.id for task in tasks], topics):
        for name in dict.fromkeys(name for name in kind if kind.count(name) > 1):
            yield broken("duplicate-id", f"id {name!r} is given twice", where=Spot(path, lines[name]))


def _unread(folder: Path) -> Iterator[Finding]:
    """YAML files at places where nobody would read them."""
    read = {folder / OUTLINE, *folder.glob("*/*.yaml")}
    for path in sorted({*folder.rglob("*.yaml"), *folder.rglob("*.yml")} - read):
        yield broken("misplaced-file", "a file of this name and place is not read", where=Spot(str(path), 1))


def _is_elsewhere(file: _File[TopicFile], folder: Path, homes: dict[str, str], faults: list[Finding]) -> bool:
    """Whether the file is not where its topic's file belongs, or its topic is nowhere."""
    topic, where = file.value.topic, Spot(str(file.path), _line(file.root, ("topic",)))
    if topic not in homes:
        faults.append(broken("unknown-topic", f"topic {topic!r} is not in {OUTLINE}", where=where))
    elif file.path != folder / homes[topic]:
        faults.append(broken("misplaced-file", f"the file of topic {topic!r} is {homes[topic]}", where=where))
    else:
        return False
    return True


def _has_taken_ids(file: _File[Any], spots: dict[str, Spot], faults: list[Finding]) -> bool:
    """Whether an id of the file is taken; notes where the free ones stand."""
    is_taken = False
    for name, line in _ids(file.root):
        where = Spot(str(file.path), line)
        if name in spots:
            is_taken = True
            faults.append(broken("duplicate-id", f"id {name!r} is taken in {spots[name]}", where=where))
        spots.setdefault(name, where)
    return is_taken


def _ids(node: yaml.Node | None) -> list[tuple[str, int]]:
    """Every `id` below a node with its line, in the order of the file."""
    found: list[tuple[str, int]] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                found.append((value.value, key.start_mark.line + 1))
            else:
                found += _ids(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _ids(value)
    return found


def _read(path: Path, shape: type[Shape], faults: list[Finding]) -> _File[Shape] | None:
    root, data = _parse(path, faults)
    if root is None:
        return None
    try:
        return _File(path, shape.model_validate(data), root)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            where = ".".join(str(part) for part in fault["loc"])
            said = f"{where or 'file'}: {fault['msg']}{_given(fault)}{_hint(fault)}"
            faults.append(broken("schema", said, where=Spot(str(path), _line(root, fault["loc"]))))
    return None


def _parse(path: Path, faults: list[Finding]) -> tuple[yaml.Node | None, Any]:
    """The file's nodes and its data; no node if it can't be read."""

    def fault(rule: str, said: str, line: int = 1) -> None:
        faults.append(broken(rule, said, where=Spot(str(path), line)))

    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            fault("unreadable-file", "the file is empty")
            return None, None
        twice = list(_given_twice(root))
        for name, line in twice:
            fault("duplicate-field", f"{name!r} is given twice here", line)
        return (None, None) if twice else (root, loader.construct_document(root))
    except OSError as error:
        fault("unreadable-file", f"can't be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fault("unreadable-file", f"byte {raw[error.start]:#04x} is not UTF-8", line)
    except RecursionError:
        fault("broken-yaml", "an alias refers to itself")
    except yaml.YAMLError as error:
        fault("broken-yaml", *_yaml_fault(error, text))
    except ValueError as error:  # a scalar that looks like a date and is none
        fault("broken-yaml", f"not a date: {error}", _line_of_bad_scalar(root))
    return None, None


def _yaml_fault(error: yaml.YAMLError, text: str) -> tuple[str, int]:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        said = ", ".join(part for part in (error.context, error.problem) if part)
        return f"not valid YAML: {said}", error.problem_mark.line + 1
    if isinstance(error, yaml.reader.ReaderError):
        return f"not valid YAML: {error.reason}", text.count("\n", 0, error.position) + 1
    return f"not valid YAML: {error}", 1


def _line_of_bad_scalar(node: Any) -> int:
    """The line of the first scalar below a node that can't be made into a value, 0 if all can."""
    if isinstance(node, yaml.ScalarNode):
        try:
            _Loader("").construct_object(node)
        except ValueError:
            return node.start_mark.line + 1
        return 0
    parts = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
    return next((line for part in parts if (line := _line_of_bad_scalar(part))), 0)


def _given_twice(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Every mapping key that its mapping already has, with its line."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key.value, key.start_mark.line + 1
                seen.add(key.value)
            yield from _given_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _given_twice(value)


def _given(fault: Any) -> str:
    value = fault.get("input")
    return f" (is {value!r})" if isinstance(value, str | int | float | bool) and len(str(value)) < 60 else ""


def _hint(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        meant = get_close_matches(str(fault["loc"][-1]), field_names(), n=1)
        return f"; did you mean {meant[0]}?" if meant else "; there is no such field here"
    if fault["type"] == "union_tag_not_found":
        tag = fault["ctx"]["discriminator"].strip("'")
        return f"; add {tag}: {_TAGS[tag]}"
    hint = _HINTS.get(fault["type"])
    return f"; {hint}" if hint else ""


def _line(root: yaml.Node | None, path: tuple[str | int, ...]) -> int:
    """The line, counted from 1, of the deepest node that a validation path leads to."""
    node, line = root, 1
    for part in path:
        following = None
        if isinstance(node, yaml.MappingNode):
            following = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if following:
                line, node = following[0].start_mark.line + 1, following[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        # a part that is no key or index is the name of a union's branch: stay where we are
    return line
