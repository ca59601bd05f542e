"""Settings: what may be set, what is said when it is wrong, and that secrets stay secret."""

import logging
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.settings import CHECKOUT, EXAMPLES, Settings, not_settings, read_settings

EXAMPLE_ENV = CHECKOUT / "deploy" / "example.env"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, and a folder without `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TMINUS_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMINUS_DATA_DIR", str(tmp_path / "data"))


def test_nothing_is_needed_to_start(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.url == f"sqlite:///{tmp_path / 'data' / 'tminus.db'}"
    assert (tmp_path / "data").is_dir()
    assert settings.telegram_token is None
    assert settings.content_dir == CHECKOUT / "content"


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "TELEGRAM_TOKEN", "DISCORD_API_URL", "LOG_LEVEL"):
        monkeypatch.setenv(f"TMINUS_{name}", "")
    settings = read_settings()
    assert settings.url.startswith("sqlite:///")
    assert settings.log_level == "INFO"


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("telegram_token", "two words", "a token is one word"),
        ("telegram_token", "123:\N{CYRILLIC SMALL LETTER A}", "a token is one word"),
        ("discord_token", "a\tb", "a token is one word"),
        ("telegram_api_url", "localhost:8081", "an address begins with http:// or https://"),
        ("discord_api_url", "ws://localhost", "an address begins with http:// or https://"),
        ("discord_gateway_url", "http://localhost", "an address begins with ws:// or wss://"),
        ("telegram_api_url", "https://", "an address begins with http:// or https://"),
        ("log_level", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wrong_and_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    variable = f"TMINUS_{name.upper()}"
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingError) as caught:
        read_settings()
    told = str(caught.value)
    assert told.startswith(f"{variable}: ")
    assert what in told
    assert f"Write e.g. {variable}={EXAMPLES[name]}" in told
    assert value not in told or name not in ("telegram_token", "discord_token")


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMINUS_LOG_LEVEL", "LOUD")
    monkeypatch.setenv("TMINUS_DISCORD_TOKEN", "a b")
    with pytest.raises(SettingError) as caught:
        read_settings()
    assert len(str(caught.value).splitlines()) == 2


def test_a_data_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("TMINUS_DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(
        SettingError, match=r"^TMINUS_DATA_DIR: the folder can't be made: .*Write e\.g\. TMINUS_DATA_DIR="
    ):
        read_settings()


def test_a_data_folder_is_not_made_for_another_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMINUS_DATABASE_URL", "postgresql://localhost/tminus")
    assert read_settings().url == "postgresql://localhost/tminus"
    assert not (tmp_path / "data").exists()


def test_the_env_file_of_the_folder_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\nTMINUS_LOG_LEVEL=debug\nTMINUS_TELEGRAM_TOKEN='123:abc'\nOTHER=1\nTMINUS_CONTENT_DIR=~/packs\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = read_settings()
    assert settings.log_level == "DEBUG"
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123:abc"
    assert settings.content_dir == tmp_path / "packs"
    monkeypatch.setenv("TMINUS_LOG_LEVEL", "ERROR")
    assert read_settings().log_level == "ERROR"


def test_an_env_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TMINUS_LOG_LEVEL=INFO\n", encoding="utf-16")
    with pytest.raises(SettingError, match=r"^\.env in this folder is not UTF-8"):
        read_settings()


def test_an_env_file_may_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TMINUS_LOG_LEVEL=DEBUG\n", encoding="utf-8-sig")
    assert read_settings().log_level == "DEBUG"


def test_a_misspelled_name_is_told_with_the_one_that_was_likely_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TMINUS_TELEGRAM_TOKN=1:a\nOTHER=1\ntminus_log_level=debug\n", encoding="utf-8")
    monkeypatch.setenv("TMINUS_X", "1")
    assert not_settings() == [
        "TMINUS_TELEGRAM_TOKN is no setting; did you mean TMINUS_TELEGRAM_TOKEN?",
        "TMINUS_X is no setting.",
    ]
    assert read_settings().log_level == "DEBUG"


def test_secrets_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("TMINUS_TELEGRAM_TOKEN", "123:hush")
    monkeypatch.setenv("TMINUS_DISCORD_TOKEN", "hush.hush")
    monkeypatch.setenv("TMINUS_DATABASE_URL", "postgresql://me:hush@localhost/tminus")
    settings = read_settings()
    logging.getLogger(__name__).warning("%s %r %s", settings, settings, settings.model_dump())
    assert "hush" not in caplog.text
    assert "hush" not in settings.model_dump_json()
    assert settings.url == "postgresql://me:hush@localhost/tminus"


def test_the_example_file_holds_every_setting_with_a_comment_and_its_default() -> None:
    blocks = [block.splitlines() for block in EXAMPLE_ENV.read_text(encoding="utf-8").strip().split("\n\n")[1:]]
    named = [block[-1].lstrip("#").partition("=")[0] for block in blocks]
    assert sorted(named) == sorted(f"TMINUS_{name.upper()}" for name in Settings.model_fields)
    for block in blocks:
        *comment, line = block
        assert line.startswith("#TMINUS_")
        assert all(text.startswith("# ") for text in comment)
        assert any(text.startswith("# Default: ") for text in comment), line
    assert set(EXAMPLES) == set(Settings.model_fields)


def test_every_line_of_the_example_file_can_be_switched_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMINUS_DATA_DIR")
    lines = EXAMPLE_ENV.read_text(encoding="utf-8").replace("#TMINUS_", "TMINUS_")
    (tmp_path / ".env").write_text(lines, encoding="utf-8")
    settings = read_settings()
    assert settings.model_fields_set == set(Settings.model_fields)
    assert settings.data_dir == Path("/var/lib/tminus")
