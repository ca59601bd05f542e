"""Where a terminal's pictures and files go: a folder of its own, in which nothing of anybody's is overwritten."""

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile

LEDGER = ".saved.json"  # what was saved under which name, so that a newer one may take its place
PICTURE = "picture.png"
LONGEST_NAME = 60  # characters; file systems take 255 bytes
LONGEST_ENDING = 8
_UNFIT = re.compile(r'[\\/:*?"<>|]+')


class Downloads:
    """A folder in which a file takes the place of an older one of its name only if that is as we saved it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, name: str, content: bytes) -> Path:
        """Where the content now is: under that name, or with a number where something else has the name.

        Raises:
            OSError: it can't be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = sha256(content).hexdigest()
        ours = self._ours()
        for path in self._candidates(file_name(name)):
            held = _held(path)
            if held == digest:
                return path
            if held is None or held == ours.get(path.name):
                self._write(path, content)
                self._write(self._folder / LEDGER, json.dumps(ours | {path.name: digest}).encode())
                return path
        raise AssertionError  # the candidates never end

    def _candidates(self, name: str) -> Iterator[Path]:
        path = (self._folder / name).absolute()
        yield path
        for number in count(2):
            yield path.with_stem(f"{path.stem}-{number}")

    def _ours(self) -> dict[str, str]:
        """Digests by name; none if the ledger is gone or broken: what lies there is somebody's then."""
        with suppress(OSError, ValueError):
            kept = json.loads((self._folder / LEDGER).read_text(encoding="utf-8"))
            if isinstance(kept, dict):
                return kept
        return {}

    def _write(self, path: Path, content: bytes) -> None:
        """Writes a file whole or not at all."""
        with NamedTemporaryFile(dir=self._folder, prefix=".", suffix=".part", delete=False) as part:
            try:
                part.write(content)
                part.close()
                Path(part.name).replace(path)
            except OSError:
                Path(part.name).unlink(missing_ok=True)
                raise


def file_name(said: str) -> str:
    """A name that leads nowhere else, is not hidden, and can be typed; "file" where nothing is left of it."""
    seen = "".join(each for each in said if unicodedata.category(each)[0] != "C")
    name = " ".join(_UNFIT.sub("_", seen).split()).strip(" .")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending[:LONGEST_ENDING]
        name = (stem or name)[: LONGEST_NAME - len(ending)] + ending
    return name or "file"


def _held(path: Path) -> str | None:
    """The digest of what lies there, None for nothing, "" for what is no plain file."""
    if not path.exists() and not path.is_symlink():
        return None
    if path.is_symlink() or not path.is_file():
        return ""
    return sha256(path.read_bytes()).hexdigest()
