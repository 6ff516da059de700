"""What a backup says of itself: what is in it, where it comes from, and what was proven of it since."""

import hmac
import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from caloria.models.clock import utc_now
from caloria.operations.backup.failure import Broken

FORMAT = 1
FILE = "manifest.json"
STORED, READABLE, PROVEN, BROKEN = "stored", "readable", "proven", "broken"
LEVELS = (STORED, READABLE, PROVEN)


class Manifest:
    """Facts that fit into JSON, none of them secret, signed with BACKUP_KEY as they are written."""

    def __init__(self, facts: dict[str, Any]):
        self.facts = facts

    @classmethod
    def read(cls, file: Path, key: str) -> "Manifest":
        """Raises Broken where it is missing, damaged, changed, or of a format that is not known."""
        try:
            text = file.read_bytes()
            facts = json.loads(text)
            facts.pop("signature")
        except FileNotFoundError:
            raise Broken("it has no manifest: it was never finished") from None
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            raise Broken("its manifest cannot be read") from None
        # Of all of the file: where a byte of it changed and its meaning did not, it is damaged as well.
        if not hmac.compare_digest(text, cls(facts).text(key)):
            raise Broken("its manifest was changed, or was signed with another BACKUP_KEY")
        if facts["format"] != FORMAT:
            raise Broken(f"its manifest has format {facts['format']}, and this Caloria reads format {FORMAT}")
        return cls(facts)

    def text(self, key: str) -> bytes:
        return json.dumps({**self.facts, "signature": signed(self.facts, key)}, indent=1).encode()

    @property
    def id(self) -> str:
        return self.facts["id"]

    @property
    def snapshot_at(self) -> datetime:
        """When the data was as it is here, by the clock of the database's server."""
        return datetime.fromisoformat(self.facts["snapshot_at"])

    @property
    def database_id(self) -> UUID:
        return UUID(self.facts["database"]["uuid"])

    @property
    def epoch(self) -> int:
        """How often the data had gone back in time."""
        return self.facts["database"]["epoch"]

    @property
    def is_of_sqlite(self) -> bool:
        return self.facts["database"]["engine"] == "sqlite"

    @property
    def revision(self) -> str:
        return self.facts["contents"]["revision"]

    @property
    def rows(self) -> dict[str, int]:
        return {name: table["rows"] for name, table in self.facts["contents"]["tables"].items()}

    @property
    def erasures(self) -> dict[str, str]:
        """Who was erased by then, by number, and when; nobody where it was made before that was noted."""
        return self.facts.get("erasures", {})

    @property
    def size(self) -> int:
        """Bytes of all files beside the manifest."""
        return sum(file["size"] for file in self.facts["files"])

    @property
    def pinned_until(self) -> datetime | None:
        until = self.facts["pinned_until"]
        return datetime.fromisoformat(until) if until else None

    @property
    def suspicion(self) -> str | None:
        """What looks wrong about the data in it, until somebody accepts it."""
        return self.facts["suspicion"]

    @property
    def seconds(self) -> float:
        """How long it took to store it, and to prove it until now."""
        return self.facts["seconds"] + sum(each["seconds"] for each in self.facts["verifications"])

    @property
    def problem(self) -> str | None:
        """What is wrong with it, or with its copy elsewhere."""
        if self.state == BROKEN:
            return f"it is broken: {self.facts['verifications'][-1]['problem']}"
        return self.facts.get("away", {}).get("problem") or self.facts["uploads"].get("problem")

    @property
    def trouble(self) -> str | None:
        """What somebody has to look at."""
        doubt = f"it looks wrong: {self.suspicion}" if self.suspicion else None
        return "; ".join(each for each in (self.problem, doubt) if each) or None

    @property
    def state(self) -> str:
        """How much was proven of it since it last failed to be."""
        state = STORED
        for each in self.facts["verifications"]:
            if not each["passed"]:
                state = BROKEN
            elif state == BROKEN or LEVELS.index(each["level"]) > LEVELS.index(state):
                state = each["level"]
        return state

    @property
    def is_proven(self) -> bool:
        return self.state == PROVEN

    def accept(self) -> None:
        """Remember that what looked wrong was meant."""
        self.facts |= {"accepted": self.suspicion, "suspicion": None}

    def note(self, level: str, host: str, seconds: float, problem: str | None = None) -> None:
        """Remember what was tried to prove this level, and how it ended."""
        self.facts["verifications"].append(
            {
                "level": level,
                "at": utc_now().isoformat(timespec="seconds"),
                "host": host,
                "seconds": round(seconds, 1),
                "passed": problem is None,
                "problem": problem,
            }
        )


def signed(facts: dict[str, Any], key: str) -> str:
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key.encode(), text.encode(), sha256).hex()
