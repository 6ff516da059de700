"""How the text of a setting becomes a value, or a BadValue that says why it cannot."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

AFTER_THE_TABLE = 99


class BadValue(ValueError):
    """Why a value cannot be used, in words that do not repeat it."""

    def __init__(
        self,
        found: str,
        expected: str,
        row: int = AFTER_THE_TABLE,
        state: str = "setting_invalid",
        mend: str | None = None,
    ):
        super().__init__(found)
        self.found, self.expected, self.row, self.state, self.mend = found, expected, row, state, mend


def whole(low: int, high: int) -> Callable[[str], int]:
    """Read a whole number within bounds."""

    def parse(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and low <= int(text) <= high:
            return int(text)
        raise BadValue("is not such a number", f"a whole number from {low} to {high}")

    return parse


def choice(*allowed: str) -> Callable[[str], str]:
    """Read one of a few words, in any case."""

    def parse(text: str) -> str:
        for word in allowed:
            if word.lower() == text.lower():
                return word
        raise BadValue("is none of the words allowed", " | ".join(allowed))

    return parse


def flag(text: str) -> bool:
    """Read a yes or no."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() in words:
        return words[text.lower()]
    raise BadValue("is neither yes nor no", "1 or 0")


def uuid(text: str) -> UUID:
    """Read a UUID."""
    try:
        return UUID(text)
    except ValueError:
        raise BadValue("is not a UUID", "the identity that `flask db upgrade` printed") from None


def folder(root: Path) -> Callable[[str], Path]:
    """Read the path of a folder; a relative one is meant from the folder of the app."""

    def parse(text: str) -> Path:
        return Path(os.path.abspath(root / text))

    return parse


def web_address(text: str) -> str:
    """Read the address under which people reach the site."""
    if re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#@]*)?", text):
        return text.rstrip("/")
    raise BadValue("is not a web address", "https://HOST")


def link(text: str) -> str:
    """Read an address to call, whose path or query may be a secret."""
    if re.fullmatch(r"https?://[^\s/?#@]+(/[^\s#]*)?", text):
        return text
    raise BadValue("is not a web address", "https://HOST/PATH")


def sentry_address(text: str) -> str:
    """Read where Sentry is told of errors."""
    if re.fullmatch(r"https?://[0-9A-Za-z]+@[^\s/?#@]+(/[^\s?#@]+)*/[0-9]+", text):
        return text
    raise BadValue("is not the address of a project of Sentry", "https://KEY@HOST/PROJECT")


def server_name(text: str) -> str:
    """Read the name of a machine."""
    if re.fullmatch(r"[A-Za-z0-9._-]{1,63}", text):
        return text
    raise BadValue("is not a name", "up to 63 letters, digits, dots and hyphens")


def server_names(text: str) -> list[str]:
    """Read the names of several machines, written with commas or blanks."""
    return [server_name(name) for name in re.split(r"[,\s]+", text.strip(", "))]


def sender(text: str) -> str:
    """Read the sender of mails."""
    if re.fullmatch(r"[^\r\n@]*[^\s@]@[^\s@]+>?", text):
        return text
    raise BadValue("is not a mail address", "caloria@example.org, or Caloria <caloria@example.org>")


def token(text: str) -> str:
    """Read a token that is too long to guess."""
    if len(text) < 16:
        raise BadValue("is too short", "at least 16 characters")
    return text


def key(text: str) -> str:
    """Read a key that signs."""
    if len(text) < 32:
        raise BadValue("is too short", "at least 32 random characters")
    return text


def mail_address(text: str) -> str:
    """Read where a mail goes."""
    if re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", text):
        return text
    raise BadValue("is not a mail address", "operator@example.org")


def age_recipient(text: str) -> str:
    """Read the public half of an age key."""
    if re.fullmatch(r"age1[0-9a-z]{58}", text):
        return text
    raise BadValue("is no public key of age", "age1…, as age-keygen prints it")
