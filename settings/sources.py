"""Where settings stand: the environment first, then .env; and how their text is read."""

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from dotenv import find_dotenv

from settings.env_file import EnvFile, skips_dotenv
from settings.shell import POSTGRESQL, either, quoted
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
        self.files: dict[str, Path] = {}
        if self.file.problem:
            found = f"{self.file.path} {self.file.problem}"
            self.mistake(0, "env_file_unreadable", found, "lines of the form NAME=value", self.file.mend)

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
            example = POSTGRESQL if name.endswith("DATABASE_URL") else "VALUE"
            self.mistake(bad.row, bad.state, found, bad.expected, bad.mend or self.correct(name, example))
        return default

    def correct(self, name: str, value: str, quote: Callable[[str], str] = quoted) -> str:
        """The shell line that gives a setting another value, in the place where it stands."""
        if name in self.files:
            return f"echo {quote(value)} > {quoted(str(self.files[name]))}"
        if self.is_in_environment(name):
            return f"export {name}={quote(value)}"
        return self.file.append(quote(f"{name}={value}"))

    def remove(self, *names: str) -> str:
        """The shell line that unsets settings, in the places where they stand."""
        lines = [
            f"unset {name}" if self.is_in_environment(name) else self.file.append(f"{name}=")
            for name in names
        ]
        return "; ".join(lines)

    def is_in_environment(self, name: str) -> bool:
        """Whether this process was given the setting, other than by `flask`, which loads .env into it."""
        theirs, ours = self.environ.get(name), self.file.values.get(name)
        return theirs is not None and not (self.is_loaded_by_flask() and theirs == ours)

    def is_loaded_by_flask(self) -> bool:
        return self.environ.get("FLASK_RUN_FROM_CLI") == "true" and not skips_dotenv(self.environ)

    def secret(self, name: str, parse: Callable[[str], Any] = str) -> Any:
        """A secret, from NAME or from the file that NAME_FILE names."""
        value, path = self.text(name), self.text(f"{name}_FILE")
        if value and path:
            found = f"both {name} and {name}_FILE are set"
            to_file = (self.remove(name), f"to read {name} from the file")
            mend = either(to_file, (self.remove(f"{name}_FILE"), "to have it in place of the file"))
            self.mistake(AFTER_THE_TABLE, "setting_twice", found, "one of them", mend)
        elif path:
            self.files[name] = self.root / path
            value = self.try_to(lambda _path: self.file_content(name), f"{name}_FILE", path)
            self.sources[name] = f"the file that {name}_FILE names"
        return self.try_to(parse, name, value) if value else None

    def file_content(self, name: str) -> str:
        try:
            content, found = self.files[name].read_text(encoding="utf-8").strip(), "names an empty file"
        except (OSError, ValueError):
            content, found = "", "names a file that cannot be read"
        if content:
            return content
        mend = either(
            (self.correct(name, "VALUE"), "to write the secret into that file"),
            (self.correct(f"{name}_FILE", "VALUE"), "to name another file"),
        )
        raise BadValue(found, "a readable text file that holds the secret", mend=mend)

    def words(self, name: str) -> list[str]:
        """A list written with commas or blanks."""
        return re.split(r"[,\s]+", text) if (text := (self.text(name) or "").strip(", ")) else []

    def overridden(self) -> list[str]:
        """The settings of .env that the environment says differently."""
        ours = self.file.values
        return [n for n in sorted(self.names) if n in ours and self.environ.get(n, ours[n]) != ours[n]]

    def note_foreign_files(self) -> None:
        """Refuse what `flask` loaded, from the working directory upward, out of a .env that is not ours."""
        if not self.is_loaded_by_flask():
            return
        for path in filter(None, (find_dotenv(name, usecwd=True) for name in (".env", ".flaskenv"))):
            names = [] if Path(path).resolve() == self.file.path.resolve() else self.set_by(Path(path))
            if names:
                self.mistake(
                    0,
                    "env_file_foreign",
                    f"{path} sets {', '.join(names)}, and gunicorn or cron would not read it",
                    f"settings in the environment or in {self.file.path} alone",
                    self.leave(Path(path).parent),
                )

    def leave(self, folder: Path) -> str:
        """How to start without the .env of that folder, which `flask` looks for from here upward."""
        skip = "export FLASK_SKIP_DOTENV=1"
        if self.root.is_relative_to(folder):
            return skip
        go = (f"cd {shlex.quote(str(self.root))}", "to start where the settings are")
        return either(go, (skip, "to stay in this folder"))

    def set_by(self, path: Path) -> list[str]:
        theirs, ours = EnvFile(path, self.environ).values, self.file.values
        both = sorted(self.names & theirs.keys())
        return [name for name in both if self.environ.get(name) == theirs[name] != ours.get(name)]
