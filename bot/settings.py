"""Settings from the environment and `.env`, each under TMINUS_; every one is documented in deploy/example.env."""

from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

from bot.errors import SettingError

CHECKOUT = Path(__file__).parents[1]
PREFIX = "TMINUS_"
FILE = ".env"
EXAMPLES = {
    "database_url": "postgresql://tminus:secret@localhost/tminus",
    "telegram_token": "123456:ABC-DEF (from @BotFather)",
    "telegram_api_url": "http://127.0.0.1:8081",
    "discord_token": "the bot's token from discord.com/developers",
    "discord_api_url": "http://127.0.0.1:8082/api/v10",
    "discord_gateway_url": "ws://127.0.0.1:8082/gateway",
    "content_dir": "content",
    "data_dir": "/var/lib/tminus",
    "log_level": "INFO",
}


class Settings(BaseSettings):
    """What an operator can set; nothing is needed to start."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=FILE,
        env_file_encoding="utf-8-sig",  # some editors on Windows begin a file with a mark
        extra="ignore",
        env_ignore_empty=True,
    )

    database_url: SecretStr | None = None  # it may hold a password
    telegram_token: SecretStr | None = None
    telegram_api_url: str | None = None  # without /bot
    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    content_dir: Path = CHECKOUT / "content"
    data_dir: Path = Field(default_factory=lambda: user_data_path("tminus", appauthor=False))
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("content_dir", "data_dir")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        return value.expanduser()  # no shell does it for a line in .env

    @field_validator("telegram_token", "discord_token")
    @classmethod
    def _one_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value and (not value.get_secret_value().isascii() or any(map(str.isspace, value.get_secret_value()))):
            raise ValueError("a token is one word without blanks")
        return value

    @field_validator("telegram_api_url", "discord_api_url", "discord_gateway_url")
    @classmethod
    def _address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        schemes = ("ws", "wss") if info.field_name == "discord_gateway_url" else ("http", "https")
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.netloc:
            raise ValueError(f"an address begins with {schemes[0]}:// or {schemes[1]}://")
        return value.rstrip("/")

    @property
    def url(self) -> str:
        """The database's address: what was set, else a SQLite file in the data folder."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'tminus.db'}"


def read_settings() -> Settings:
    """The settings of this process; makes the data folder where the database will be its file.

    Raises:
        SettingError: one is wrong; its name, what is wrong, and an example.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        faults = [
            f"{_variable(fault['loc'][0])}: {fault['msg'].removeprefix('Value error, ')}. "
            f"Write e.g. {_variable(fault['loc'][0])}={EXAMPLES[str(fault['loc'][0])]}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise SettingError("\n".join(faults)) from None
    except UnicodeDecodeError:
        raise SettingError(f"{FILE} in this folder is not UTF-8. Save it as UTF-8, without any other change.") from None
    except OSError as error:
        raise SettingError(f"{FILE} in this folder can't be read: {error.strerror}.") from None
    if settings.database_url is None:
        make_data_dir(settings)
    return settings


def make_data_dir(settings: Settings) -> None:
    """Makes the data folder where it is missing.

    Raises:
        SettingError: it can't be made.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"TMINUS_DATA_DIR: the folder can't be made: {error}. Write e.g. TMINUS_DATA_DIR={EXAMPLES['data_dir']}"
        ) from None


def not_settings() -> list[str]:
    """The variables that look like settings and are none, a line each, with the setting that was likely meant."""
    known = [name.upper() for name in Settings.model_fields]
    given = {*EnvSettingsSource(Settings).env_vars, *DotEnvSettingsSource(Settings).env_vars}
    said: list[str] = []
    for variable in sorted(map(str.upper, given)):
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in known:
            meant = get_close_matches(name, known, n=1)
            said.append(f"{variable} is no setting" + (f"; did you mean {_variable(meant[0])}?" if meant else "."))
    return said


def _variable(name: object) -> str:
    return f"{PREFIX}{name}".upper()
