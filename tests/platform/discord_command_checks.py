"""Whether Discord would take a command or an autocomplete answer."""

import unicodedata

from tests.platform.discord_checks import Form, Json, Path, Refused
from tests.platform.discord_limits import limit

# fmt: off
LOCALES = frozenset(
    {
        "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu",
        "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN",
        "zh-TW",
    }
)
# fmt: on
SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)


def check_commands(bodies: list[Json]) -> None:
    """Refuses a list of commands that Discord would refuse as the whole list."""
    if sum(body.get("type") in {None, 1} for body in bodies) > limit("commands"):
        raise Refused(400, 30032, f"Maximum number of application commands reached ({limit('commands')}).")
    form = Form()
    names: set[tuple[int, str]] = set()
    for place, body in enumerate(bodies):
        _check_command(form, body, (place,))
        name = (body.get("type") or 1, str(body.get("name")))
        if name in names:
            text = "Application command names must be unique"
            form.wrong((place, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
        names.add(name)
    form.done()


def check_command(body: Json) -> None:
    """Refuses a command that Discord would refuse."""
    form = Form()
    _check_command(form, body, ())
    form.done()


def _check_command(form: Form, body: Json, at: Path) -> None:
    for key, allowed in (("contexts", {0, 1, 2}), ("integration_types", {0, 1})):
        values = body.get(key)
        if values is not None and (not values or not set(values) <= allowed or len(set(values)) < len(values)):
            form.wrong((*at, key), "BASE_TYPE_CHOICES", f"Must be a choice of {allowed}, at least one, none twice.")
    if body.get("type") in {2, 3}:
        form.text(body, "name", at, limit("command_name"), least=1, required=True)
        if body.get("description") or body.get("options"):
            text = "Context menu commands cannot have description or options"
            form.wrong((*at, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_CANNOT_HAVE_FIELD", text)
        return
    _check_named(form, body, at)
    _check_options(form, body, at, 0)
    if _command_size(body) > limit("command_sum"):
        text = f"Command exceeds maximum size ({limit('command_sum')})"
        form.wrong(at, "APPLICATION_COMMAND_TOO_LARGE", text)


def _command_size(body: Json) -> int:
    size = len(str(body.get("name") or "")) + len(str(body.get("description") or ""))
    for choice in body.get("choices") or []:
        size += len(str(choice.get("name"))) + len(str(choice.get("value")))
    return size + sum(_command_size(option) for option in body.get("options") or [])


def _is_command_name(name: str) -> bool:
    def fits(sign: str) -> bool:
        code = ord(sign)
        kind = unicodedata.category(sign)[0]
        return sign in "-_'" or kind in "LN" or 0x900 <= code <= 0x97F or 0xE00 <= code <= 0xE7F

    return 1 <= len(name) <= limit("command_name") and all(map(fits, name)) and name == name.lower()


def _check_named(form: Form, body: Json, at: Path) -> None:
    if form.need(body, "name", at):
        _check_name(form, str(body["name"]), (*at, "name"))
    form.text(body, "description", at, limit("command_description"), least=1, required=True)
    for locale, name in (body.get("name_localizations") or {}).items():
        _check_locale(form, locale, (*at, "name_localizations"))
        _check_name(form, str(name), (*at, "name_localizations", locale))
    for locale in body.get("description_localizations") or {}:
        here = (*at, "description_localizations")
        _check_locale(form, locale, here)
        form.text(body["description_localizations"], locale, here, limit("command_description"), least=1)


def _check_locale(form: Form, locale: str, at: Path) -> None:
    if locale not in LOCALES:
        form.wrong((*at, locale), "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')


def _check_name(form: Form, name: str, at: Path) -> None:
    most = limit("command_name")
    if not 1 <= len(name) <= most:
        form.wrong(at, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
    elif not _is_command_name(name):
        form.wrong(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_options(form: Form, body: Json, at: Path, depth: int) -> None:
    names: set[str] = set()
    optional_seen = False
    options = form.items(body, "options", at, limit("command_options"))
    nested = [option.get("type") in {SUBCOMMAND, GROUP} for _, option in options]
    if any(nested) and not all(nested):
        text = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.wrong((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
    for here, option in options:
        _check_option(form, option, here, depth)
        if option.get("name") in names:
            form.wrong((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
        names.add(str(option.get("name")))
        if option.get("required") and optional_seen:
            text = "Required options must be placed before non-required options"
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional_seen = optional_seen or not option.get("required")


def _check_option(form: Form, option: Json, at: Path, depth: int) -> None:
    _check_named(form, option, at)
    kind = option.get("type")
    if kind == GROUP and depth == 0:
        _check_options(form, option, at, 1)
    elif kind == SUBCOMMAND and depth <= 1:
        _check_options(form, option, at, 2)
    elif kind not in range(STRING, ATTACHMENT + 1):
        form.wrong((*at, "type"), "UNION_TYPE_CHOICES", f"Option type {kind} cannot be used here.")
    form.number(option, "min_length", at, 0, limit("option_length"))
    form.number(option, "max_length", at, 1, limit("option_length"))
    if option.get("choices") and option.get("autocomplete"):
        text = "Choices and autocomplete are mutually exclusive"
        form.wrong(at, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", text)
    _check_choices(form, option, at, limit("command_choices"), kind)


def _check_choices(form: Form, body: Json, at: Path, most: int, kind: int | None) -> None:
    names: set[str] = set()
    for here, choice in form.items(body, "choices", at, most):
        name = form.text(choice, "name", here, limit("choice_name"), least=1, required=True)
        if name in names:
            form.wrong((*here, "name"), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Name already exists")
        names.add(name)
        for locale in choice.get("name_localizations") or {}:
            there = (*here, "name_localizations")
            _check_locale(form, locale, there)
            form.text(choice["name_localizations"], locale, there, limit("choice_name"), least=1)
        if form.need(choice, "value", here):
            _check_choice_value(form, choice, here, kind)


def _check_choice_value(form: Form, choice: Json, at: Path, kind: int | None) -> None:
    value = choice["value"]
    if kind == STRING:
        form.text(choice, "value", at, limit("choice_value"))
    elif kind == INTEGER and (not isinstance(value, int) or isinstance(value, bool)):
        form.wrong((*at, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
    elif kind == NUMBER and (not isinstance(value, int | float) or isinstance(value, bool)):
        form.wrong((*at, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')


def check_autocomplete(body: Json, kind: int) -> None:
    """Refuses an autocomplete answer that Discord would refuse for an option of that kind."""
    form = Form()
    _check_choices(form, body, ("data",), limit("command_choices"), kind)
    form.done()
