"""The commands as Discord lists them, in every language that Tminus speaks."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.chat.commands import COMMANDS, Parameter
from bot.present.words import FALLBACK, words_for

Json = dict[str, Any]

MOST_ABOUT = 100  # characters of a description
CHAT_INPUT, STRING, INTEGER = 1, 3, 4  # a command's type; an option's
IN_SERVERS, ON_ACCOUNTS = 0, 1  # where an app is installed
SERVER, OWN_CHAT, OTHER_CHATS = 0, 1, 2  # where a command can be run


def commands() -> list[Json]:
    """What is registered: every command, wherever Discord lets one run."""
    return [
        {
            "type": CHAT_INPUT,
            "name": command.name,
            **_about(f"command-{command.name}"),
            "options": [_option(parameter) for parameter in command.parameters],
            "integration_types": [IN_SERVERS, ON_ACCOUNTS],
            "contexts": [SERVER, OWN_CHAT, OTHER_CHATS],
        }
        for command in COMMANDS
    ]


def is_same(known: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> bool:
    """True if what Discord has is what is wanted; its own additions don't count."""
    by_name = {command.get("name"): command for command in known}
    return len(known) == len(wanted) and all(_holds(by_name.get(command["name"]), command) for command in wanted)


def _option(parameter: Parameter) -> Json:
    option: Json = {
        "type": INTEGER if parameter.is_number else STRING,
        "name": parameter.name,
        **_about(f"parameter-{parameter.name}"),
        "required": False,
    }
    if parameter.values:
        option["choices"] = [{"name": value, "value": value} for value in parameter.values]
    if parameter.suggest:
        option["autocomplete"] = True
    if parameter.low is not None:
        option["min_value"] = parameter.low
    if parameter.high is not None:
        option["max_value"] = parameter.high
    return option


def _about(key: str) -> Json:
    """A description in English, and in each of Discord's languages that we have words for."""
    spoken = {locale.value: words_for(locale.value) for locale in discord.Locale}
    others = {name: words(key)[:MOST_ABOUT] for name, words in spoken.items() if words.locale != FALLBACK}
    return {"description": words_for(FALLBACK)(key)[:MOST_ABOUT], "description_localizations": others}


def _holds(known: object, wanted: object) -> bool:
    """True if all that is wanted is there; nothing, empty and false are the same to Discord."""
    if isinstance(wanted, Mapping):
        have = known if isinstance(known, Mapping) else {}
        return all(_holds(have.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        have_list = known if isinstance(known, list) else []
        return len(have_list) == len(wanted) and all(map(_holds, have_list, wanted))
    return known == wanted or not (known or wanted)
