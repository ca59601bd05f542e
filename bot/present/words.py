"""Words by key and locale, from the `.ftl` files beside this module (Project Fluent)."""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

FALLBACK = "en"
REMEMBERED = 4096  # sentences kept once formatted: most that are said are said again
FOLDER = Path(__file__).parent / "locales"


class Words:
    """The words of one locale; what it lacks is said in English."""

    def __init__(self, locale: str, *files: Path) -> None:
        self.locale = locale
        self._bundles = [_bundle(file) for file in files]
        self._format = lru_cache(REMEMBERED)(self._say)

    def __call__(self, key: str, **values: str | int | float) -> str:
        """The message under a key with its values filled in.

        Raises:
            KeyError: no file has the key, or the message needs a value that was not given.
        """
        return self._format(key, tuple(values.items()))

    def _say(self, key: str, values: tuple[tuple[str, str | int | float], ...]) -> str:
        for bundle in self._bundles:
            if bundle.has_message(key) and (pattern := bundle.get_message(key).value):
                text, errors = bundle.format_pattern(pattern, dict(values))
                if errors:
                    raise KeyError(f"{self.locale} {key}: {errors}")
                return str(text)
        raise KeyError(f"{self.locale} {key}: no such message")


def _bundle(file: Path) -> FluentBundle:
    bundle = FluentBundle([file.stem], use_isolating=False)
    bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


@cache
def locales(folder: Path = FOLDER) -> Mapping[str, Path]:
    """The files by the locale they speak, English first."""
    files = {file.stem.lower(): file for file in sorted(folder.glob("*.ftl"))}
    return {FALLBACK: files[FALLBACK], **files}


@cache
def _words(locale: str, folder: Path) -> Words:
    known = locales(folder)
    files = [known[locale]] if locale == FALLBACK else [known[locale], known[FALLBACK]]
    return Words(locale, *files)


def words_for(locale: str, folder: Path = FOLDER) -> Words:
    """The words for what a platform says of a person's language: `pt-BR`, else `pt`, else English."""
    wanted = locale.lower().replace("_", "-")
    while wanted and wanted not in locales(folder):
        wanted = wanted.rpartition("-")[0]
    return _words(wanted or FALLBACK, folder)
