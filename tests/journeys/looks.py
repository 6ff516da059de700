"""The windows that pages are looked at in."""

from typing import NamedTuple


class Look(NamedTuple):
    """How large the window is, whether it is light or dark, and which way one reads."""

    width: int
    scheme: str
    direction: str = "ltr"

    @property
    def viewport(self) -> dict:
        return {"width": self.width, "height": 760 if self.width < 700 else 860}

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}" + ("-rtl" if self.direction == "rtl" else "")


PHONE, PHONE_DARK, DESKTOP, DESKTOP_DARK = (
    Look(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")
)
# Any two of size, scheme and direction meet in one of these.
LOOKS = (PHONE, Look(360, "dark", "rtl"), Look(1280, "light", "rtl"), DESKTOP_DARK)
TABLET, TABLET_DARK = (Look(768, scheme) for scheme in ("light", "dark"))
PICTURED = (PHONE, PHONE_DARK, TABLET, TABLET_DARK, DESKTOP, DESKTOP_DARK)
