"""The windows that pages are looked at in."""

from typing import NamedTuple


class Look(NamedTuple):
    """How large the window is, and whether it is light or dark."""

    width: int
    scheme: str

    @property
    def viewport(self) -> dict:
        return {"width": self.width, "height": 760 if self.width < 700 else 860}

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


PHONE, PHONE_DARK, DESKTOP, DESKTOP_DARK = (
    Look(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")
)
LOOKS = (PHONE, PHONE_DARK, DESKTOP, DESKTOP_DARK)
TABLET, TABLET_DARK = (Look(768, scheme) for scheme in ("light", "dark"))
PICTURED = (PHONE, PHONE_DARK, TABLET, TABLET_DARK, DESKTOP, DESKTOP_DARK)
