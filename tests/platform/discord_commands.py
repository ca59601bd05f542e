"""A slash command as the client fills it in: against what the bot has registered."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from tests.platform.discord_checks import Json
from tests.platform.discord_command_checks import (
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    STRING,
    SUBCOMMAND,
    USER,
)
from tests.platform.discord_world import Account, Channel, Guild, World

Option: TypeAlias = Any  # text, a number, a bool, a Person, a Channel or an id, as the option asks


def filled(
    world: World,
    account: Account,
    channel: Channel,
    name: str,
    values: dict[str, Option],
    *,
    focused: str | None = None,
) -> Json:
    """The data of the interaction; fails where the client would not let a person send it."""
    path = name.removeprefix("/").split()
    command = _command(world, account, channel, path[0])
    level = command
    steps: list[Json] = []
    for step in path[1:]:
        level = _named(level.get("options") or [], step, account.locale, "subcommand")
        assert level["type"] in {SUBCOMMAND, GROUP}, f"{step!r} is no subcommand of /{name}"
        steps.append(level)
    declared = level.get("options") or []
    assert not any(option["type"] in {SUBCOMMAND, GROUP} for option in declared), f"/{name} needs a subcommand"
    resolved: Json = {}
    options = _options(world, channel, account, declared, values, resolved, focused, name)
    for parent in reversed(steps):
        options = [{"name": parent["name"], "type": parent["type"], "options": options}]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | ({"resolved": resolved} if resolved else {})


def _named(among: Iterable[Json], name: str, locale: str, what: str) -> Json:
    among = list(among)
    for one in among:
        if name in {one["name"], (one.get("name_localizations") or {}).get(locale)}:
            return one
    raise AssertionError(f"No {what} {name!r}, only {sorted(one['name'] for one in among)}")


def _command(world: World, account: Account, channel: Channel, name: str) -> Json:
    guild = channel.guild
    own = world.commands.get(guild.id, {}) if guild else {}
    known = [*own.values(), *world.commands[None].values()]
    command = _named((one for one in known if one["type"] == 1), name, account.locale, "command")
    if "guild_id" in command:
        return command
    contexts = command.get("contexts")
    if contexts is None:
        contexts = [0, 1] if command.get("dm_permission") is not False else [0]
    here = 0 if guild else 1
    assert here in contexts, (
        f"/{name} is not for {'servers' if guild else 'direct messages'}: its contexts are {contexts}"
    )
    types = command.get("integration_types") or [0]
    near = world.guilds.values() if guild is None else (guild,)
    shares = any(account in one.members and one.has_bot for one in near)
    reachable = (0 in types and shares) or (1 in types and account.installed)
    assert reachable, (
        f"/{name} is out of {account.name}'s reach: integration_types {types}, no shared server or install"
    )
    return command


def _options(
    world: World,
    channel: Channel,
    account: Account,
    declared: list[Json],
    values: dict[str, Option],
    resolved: Json,
    focused: str | None,
    command: str,
) -> list[Json]:
    given: dict[str, Option] = {}
    for key, value in values.items():
        option = _named(declared, key, account.locale, f"option of /{command}")
        given[option["name"]] = value
    made = []
    for option in declared:
        name = option["name"]
        if name not in given:
            assert not option.get("required") or focused, f"/{command} needs the option {name!r}"
            continue
        if focused is not None and name == _named(declared, focused, account.locale, "option")["name"]:
            assert option.get("autocomplete"), f"The option {name!r} has no autocomplete"
            # What is being typed is not checked yet, and always text.
            made.append({"name": name, "type": option["type"], "value": str(given[name]), "focused": True})
            continue
        value = _value(world, channel, option, given[name], resolved)
        made.append({"name": name, "type": option["type"], "value": value})
    return made


def _value(world: World, channel: Channel, option: Json, value: Option, resolved: Json) -> Option:
    kind, name = option["type"], option["name"]
    if option.get("choices"):
        by_name = {choice["name"]: choice["value"] for choice in option["choices"]}
        assert value in by_name.values() or value in by_name, f"{value!r} is none of the choices of {name!r}: {by_name}"
        return by_name.get(value, value)
    if kind in {USER, MENTIONABLE}:
        number: Any = getattr(value, "id", value)
        return _user(world, channel.guild, int(number), resolved)
    if kind == CHANNEL:
        target: Any = getattr(value, "channel", value)
        shown = target.payload()
        resolved.setdefault("channels", {})[shown["id"]] = shown
        return shown["id"]
    types: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}
    assert kind in types, f"This server does not fill options of type {kind}"
    fits = isinstance(value, types[kind]) and (kind == BOOLEAN or not isinstance(value, bool))
    assert fits, f"The option {name!r} takes {types[kind][0].__name__}, not {value!r}"
    size = len(value) if kind == STRING else value
    least, most = (option.get(f"{end}_{'length' if kind == STRING else 'value'}") for end in ("min", "max"))
    assert least is None or size >= least, f"{value!r} is below the least {least} of {name!r}"
    assert most is None or size <= most, f"{value!r} is above the most {most} of {name!r}"
    return value


def _user(world: World, guild: Guild | None, number: int, resolved: Json) -> str:
    account = world.accounts[number]
    resolved.setdefault("users", {})[str(number)] = account.payload()
    if guild is not None and account in guild.members:
        member = {key: value for key, value in guild.member(account).items() if key not in {"user", "deaf", "mute"}}
        resolved.setdefault("members", {})[str(number)] = member
    return str(number)
