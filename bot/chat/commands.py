"""The commands: one table that every platform's menu and every typed line is read from."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.chat import intent as wants
from bot.chat.intent import Intent
from bot.domain.learner import Energy

LONGEST_SAID = 4096  # characters of a typed text that are looked at; int() takes up to 4300 digits


class Suggest(StrEnum):
    """What a parameter is completed from, where a platform completes."""

    DOMAIN = "domain"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named argument of a command."""

    name: str
    is_number: bool = False
    low: int | None = None
    high: int | None = None
    suggest: Suggest | None = None
    values: tuple[str, ...] = ()  # the few it can have


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name; its words are in the locale file under `command-NAME`."""

    name: str
    build: Callable[[dict[str, str]], Intent]
    parameters: tuple[Parameter, ...] = ()


def _practice(given: dict[str, str]) -> Intent:
    size = given.get("n", "")
    return wants.Practice(_scope(given), int(size) if size else None)


def _scope(given: dict[str, str]) -> str:
    return given.get("topic") or given.get("domain") or ""


def _energize(given: dict[str, str]) -> Intent:
    said = given.get("energy", "").strip().lower()
    return wants.Energize(Energy(said) if said in ENERGIES else None)


def _fight(given: dict[str, str]) -> Intent:
    return wants.Battle(" ".join(filter(None, (given.get("do"), given.get("with")))))


def _rank(given: dict[str, str]) -> Intent:
    span, domain = given.get("span", ""), given.get("domain", "")
    head, _, rest = domain.partition(" ")
    return wants.Board(head.lower(), rest) if not span and head.lower() in SPANS else wants.Board(span, domain)


_WHERE = (Parameter("domain", suggest=Suggest.DOMAIN), Parameter("topic", suggest=Suggest.TOPIC))
ENERGIES = tuple(energy.value for energy in Energy)
FIGHTS = ("open", "join", "ghost", "leave", "stop")  # what /battle can be followed by, besides rules
SPANS = ("week", "season", "all")
COMMANDS = (
    Command("start", lambda _: wants.Start()),
    Command("today", lambda _: wants.Today()),
    Command("exam", lambda given: wants.Exam(given.get("when", "")), (Parameter("when"),)),
    Command("plan", lambda _: wants.Plan()),
    Command(
        "quiz",
        _practice,
        (*_WHERE, Parameter("n", is_number=True, low=1, high=50)),
    ),
    Command("review", lambda _: wants.Review()),
    Command("cards", lambda given: wants.Cards(_scope(given)), _WHERE),
    Command("progress", lambda _: wants.Progress()),
    Command("ready", lambda _: wants.Readiness()),
    Command(
        "guide", lambda given: wants.Guide(given.get("domain", "")), (Parameter("domain", suggest=Suggest.DOMAIN),)
    ),
    Command("lab", lambda given: wants.Lab(given.get("topic", "")), (Parameter("topic", suggest=Suggest.TOPIC),)),
    Command("energy", _energize, (Parameter("energy", values=ENERGIES),)),
    Command("pause", lambda given: wants.Pause(given.get("until", "")), (Parameter("until"),)),
    Command("calendar", lambda _: wants.Calendar()),
    Command("battle", _fight, (Parameter("do", values=FIGHTS), Parameter("with"))),
    Command("board", _rank, (Parameter("span", values=SPANS), Parameter("domain", suggest=Suggest.DOMAIN))),
    Command("daily", lambda given: wants.Daily(given.get("at", "")), (Parameter("at"),)),
    Command("settings", lambda _: wants.Settings()),
    Command("help", lambda _: wants.Help()),
    Command("forget", lambda _: wants.Forget()),
)
BY_NAME = {command.name: command for command in COMMANDS}


def read_line(text: str) -> Intent:
    """The intent of a typed line: `/name words 5`, or plain words.

    A trailing number is the command's number, whatever stands before it is its text. `/quiz@TheBot` is `/quiz`.
    """
    text = text.strip()[:LONGEST_SAID]
    if not text.startswith("/"):
        return wants.Say(text)
    head, *words = text[1:].split() or [""]
    name = head.partition("@")[0].lower()
    command = BY_NAME.get(name)
    if command is None:
        return wants.Unknown(head)
    given: dict[str, str] = {}
    number = next((parameter for parameter in command.parameters if parameter.is_number), None)
    if number and words and words[-1].isdecimal():
        given[number.name] = words.pop()
    if words and (worded := [parameter for parameter in command.parameters if not parameter.is_number]):
        given[worded[-1].name] = " ".join(words)
    return command.build(given)
