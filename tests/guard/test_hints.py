"""What a refusal says under "To mend:" mends it, pasted as it stands, for all of troubles_with_…."""

from pathlib import Path

import pytest
import troubles_with_connections  # noqa: F401
import troubles_with_identities  # noqa: F401
import troubles_with_settings  # noqa: F401
import troubles_with_tables  # noqa: F401
from hints import GUARD, Trouble, shell, state_of, ways
from test_page_for_operators import documented
from troubles import OPEN_ENDED, TROUBLES, World

from caloria import guard
from caloria.extensions import db
from config import Config

pytestmark = pytest.mark.slow
PASTED = "-- and so it was pasted --"

# The states that no line of Caloria's can mend, and why. Every other one prints lines that do.
SENTENCES = {
    "host_unknown": "whose network it is, Caloria cannot know",
    "connection_refused": "how a database is started differs from machine to machine",
    "database_silent": "as above",
    "database_unreachable": "as above",
    "database_starting": "it takes time alone",
    "database_stopping": "as above",
    "connections_exhausted": "it takes time, or a decision about other processes",
    "tls_failed": "the certificates are the operator's",
    "database_locked": "the process that holds the file may be in the middle of something",
    "database_damaged": "it takes a backup",
    "two_heads": "it takes a backup, or somebody who knows what was done by hand",
    "identity_missing": "it takes a backup",
    "newer_than_code": "how a version is installed differs from machine to machine",
    "check_failed": "it is a fault of Caloria's",
}


@pytest.fixture
def world(request, engine_name, house, tmp_path, execute):
    return World(request, engine_name, house, tmp_path, execute)


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_printed_mends_it(world, engine_name, env_file, name):
    build, place, only = TROUBLES[name]
    if only not in (None, engine_name):
        pytest.skip(f"{only} alone has this state")
    wanted = build.__name__.partition("__")[0]
    way, count = 0, 1
    while way < count:
        trouble = build(world)
        environ = stand(trouble, place, world.house)
        refused = said_to(trouble, world.house, environ)
        assert state_of(refused) == (documented()[wanted], wanted), refused
        count = len(ways(refused))
        assert count == len(trouble.then), refused
        lines = trouble.filled(way, ways(refused)[way])
        code, output = said_after(lines, trouble, world.house, environ)
        assert code == trouble.then[way], (lines, output)
        assert state_of(output) != state_of(refused), (lines, output)
        way += 1


def said_to(trouble: Trouble, house: Path, environ: dict[str, str]) -> str:
    """The refusal of a start."""
    if trouble.ask == GUARD:
        return asked_here(environ, house)[1]
    return shell(f"exec {trouble.ask}", trouble.folder or house, house, environ).stdout


def said_after(lines: list[str], trouble: Trouble, house: Path, environ: dict[str, str]) -> tuple[int, str]:
    """What the next start in the shell answers in which these lines were pasted."""
    again = "env -0" if trouble.again == GUARD else trouble.again
    script = "\n".join([*lines, f"echo '{PASTED}'", f"exec {again}"])
    outcome = shell(script, trouble.folder or house, house, environ, trouble.stdin)
    before, _, after = outcome.stdout.partition(f"{PASTED}\n")
    if outcome.returncode or again == trouble.again:
        return outcome.returncode, before + after
    return asked_here(dict(each.split("=", 1) for each in after.split("\0") if each), house)


def asked_here(environ: dict[str, str], house: Path) -> tuple[int, str]:
    """A start's answer, asked in this process, which takes a tenth of the time of one of its own."""
    try:
        guard.require(Config.load(environ, root=house), db.metadata)
    except guard.StartupRefused as refused:
        return refused.exit_code, refused.message
    return 0, ""


def stand(trouble: Trouble, place: str, house: Path) -> dict[str, str]:
    """Put the settings into that place; returns what the environment says."""
    path = house / ".env"
    path.unlink(missing_ok=True)
    if place == "environment":
        return trouble.beside | trouble.said
    text = "".join(f"{name}={value}\n" for name, value in trouble.said.items() if name not in trouble.beside)
    text = text.rstrip("\n") if place == OPEN_ENDED else text
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return trouble.beside


def test_every_state_is_mended_by_lines_or_known_not_to_be():
    mended = {build.__name__.partition("__")[0] for build, _, _ in TROUBLES.values()}
    assert mended | SENTENCES.keys() == documented().keys()
    assert mended & SENTENCES.keys() == set()
