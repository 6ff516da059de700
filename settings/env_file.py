"""Reading a .env file as the `flask` command reads it."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from dotenv.variables import parse_variables


class EnvFile:
    """A .env file: values as `flask` reads them, the line of each, and what is wrong with it."""

    def __init__(self, path: Path, environ: Mapping[str, str]):
        self.path = path
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.problem: str | None = None
        self.mend = ""
        self.ends_a_line = True
        try:
            with open(path, encoding="utf-8") as stream:
                for binding in parse_stream(stream):
                    self.take(binding, environ)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.problem = f"cannot be read ({error.strerror})"
            self.mend = "let this user read it, as a plain file"
        except UnicodeDecodeError:
            self.problem = "is not written in UTF-8"
            self.mend = self.edit()

    def take(self, binding: Any, environ: Mapping[str, str]) -> None:
        text = binding.original.string
        line = binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
        self.ends_a_line = text.endswith("\n")
        if binding.error:
            self.problem = f"is unreadable at line {line}, for example because of an open quote"
            self.mend = self.edit(f"+{line} ")
        elif binding.key and binding.value is not None:
            names = {**environ, **self.values}
            self.values[binding.key] = "".join(part.resolve(names) for part in parse_variables(binding.value))
            self.lines[binding.key] = line

    def edit(self, place: str = "") -> str:
        """The shell line that opens the file where it is wrong."""
        return f"${{EDITOR:-vi}} {place}{shlex.quote(str(self.path))}"

    def append(self, line: str) -> str:
        """The shell line that adds a line, which then wins over the same name before it."""
        before = "" if self.ends_a_line else f"echo >> {shlex.quote(str(self.path))}; "
        return f"{before}echo {line} >> {shlex.quote(str(self.path))}"


def skips_dotenv(environ: Mapping[str, str]) -> bool:
    """Whether the `flask` command was told to load no .env, as it reads that itself."""
    return environ.get("FLASK_SKIP_DOTENV", "0").lower() not in ("", "0", "false", "no")
