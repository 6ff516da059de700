"""What a proof found."""

from dataclasses import dataclass

PROVEN, WRONG, UNPROVEN, WORTH_KNOWING = "ok", "FAIL", "?", "note"


@dataclass(frozen=True)
class Finding:
    """One thing that was proven, or was not, and what mends it."""

    mark: str
    text: str
    mend: str = ""

    @property
    def is_fine(self) -> bool:
        return self.mark in (PROVEN, WORTH_KNOWING)
