"""Where settings stand: the environment first, then .env; and how their text is read."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dotenv import find_dotenv

from settings.env_file import EnvFile, skips_dotenv
from settings.values import AFTER_THE_TABLE, BadValue


class Mistake(NamedTuple):
    """A setting that cannot be used. `row` is its place among the guard's questions."""

    row: int
    state: str
    found: str
    expected: str
    mend: str


class Settings:
    """Reads one setting after another, and keeps what was wrong and where each value stood."""

    def __init__(self, environ: Mapping[str, str], root: Path):
        self.environ, self.root = environ, root
        self.file = EnvFile(root / ".env", environ)
        self.sources: dict[str, str] = {}
        self.mistakes: list[Mistake] = []
        self.names: set[str] = set()
        if self.file.problem:
            found = f"{self.file.path} {self.file.problem}"
            self.mistake(0, "env_file_unreadable", found, "lines of the form NAME=value", "correct that file")

    def mistake(self, row: int, state: str, found: str, expected: str, mend: str) -> None:
        self.mistakes.append(Mistake(row, state, found, expected, mend))

    def text(self, name: str) -> str | None:
        """The value, or None where it is unset or blank."""
        return (self.raw(name) or "").strip() or None

    def raw(self, name: str) -> str | None:
        self.names.add(name)
        theirs, ours = self.environ.get(name), self.file.values.get(name)
        value = ours if theirs is None else theirs
        if value is not None:
            in_file = f"{self.file.path}, line {self.file.lines.get(name)}"
            self.sources[name] = in_file if value == ours else "the environment"
        return value

    def parsed(self, name: str, parse: Callable[[str], Any], default: Any = None) -> Any:
        """The value as `parse` reads it; a BadValue becomes a mistake and leaves the default."""
        value = self.text(name)
        return default if value is None else self.try_to(parse, name, value, default)

    def try_to(self, parse: Callable[[str], Any], name: str, value: str, default: Any = None) -> Any:
        try:
            return parse(value)
        except BadValue as bad:
            found = f"{name} (from {self.sources[name]}) {bad.found}"
            self.mistake(bad.row, bad.state, found, bad.expected, f"correct {name} in {self.place(name)}")
        return default

    def place(self, name: str) -> str:
        """Where an operator corrects this setting."""
        return self.sources.get(name, str(self.file.path)).partition(", line")[0]

    def secret(self, name: str, parse: Callable[[str], Any] = str) -> Any:
        """A secret, from NAME or from the file that NAME_FILE names."""
        value, path = self.text(name), self.text(f"{name}_FILE")
        if value and path:
            found = f"both {name} and {name}_FILE are set"
            mend = f"remove {name} or {name}_FILE"
            self.mistake(AFTER_THE_TABLE, "setting_twice", found, "one of them", mend)
        elif path:
            value = self.try_to(self.file_content, f"{name}_FILE", path)
            self.sources[name] = f"the file that {name}_FILE names"
        return self.try_to(parse, name, value) if value else None

    def file_content(self, path: str) -> str:
        try:
            content = (self.root / path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise BadValue("names a file that cannot be read", "the path of a readable text file") from None
        if not content:
            raise BadValue("names an empty file", "a file that holds the secret")
        return content

    def words(self, name: str) -> list[str]:
        """A list written with commas or blanks."""
        return re.split(r"[,\s]+", text) if (text := (self.text(name) or "").strip(", ")) else []

    def overridden(self) -> list[str]:
        """The settings of .env that the environment says differently."""
        ours = self.file.values
        return [n for n in sorted(self.names) if n in ours and self.environ.get(n, ours[n]) != ours[n]]

    def note_foreign_files(self) -> None:
        """Refuse what `flask` loaded, from the working directory upward, out of a .env that is not ours."""
        if self.environ.get("FLASK_RUN_FROM_CLI") != "true" or skips_dotenv(self.environ):
            return
        for path in filter(None, (find_dotenv(name, usecwd=True) for name in (".env", ".flaskenv"))):
            names = [] if Path(path).resolve() == self.file.path.resolve() else self.set_by(Path(path))
            if names:
                self.mistake(
                    0,
                    "env_file_foreign",
                    f"{path} sets {', '.join(names)}, and gunicorn or cron would not read it",
                    f"settings in the environment or in {self.file.path} alone",
                    f"cd {self.root}   (or set FLASK_SKIP_DOTENV=1)",
                )

    def set_by(self, path: Path) -> list[str]:
        theirs, ours = EnvFile(path, self.environ).values, self.file.values
        both = sorted(self.names & theirs.keys())
        return [name for name in both if self.environ.get(name) == theirs[name] != ours.get(name)]
