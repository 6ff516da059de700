"""Every page in every state that a person can bring it into, each reached as a person would.

A scene takes a page of the person it is about and leaves it as it is to be looked at. The tests look at all
of them; bin/screenshots takes their pictures. A newcomer gets on from scene to scene: their order matters.
"""

from importlib import import_module

from scenes.stage import SCENES, come_in

IN_ORDER = (
    "visitors",
    "newcomers",
    "diary",
    "trends",
    "account",
    "hard_days",
    "admin",
    "requests",
    "usual",
    "imports",
    "spanish",
    "plans",
)
for name in IN_ORDER:
    import_module(f"scenes.{name}")

__all__ = ["SCENES", "come_in"]
