"""Which browser the journeys and the pictures use: the one that CHROMIUM names, or one found here."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    # Where a page may use the camera, it sees a moving picture.
    "--use-fake-device-for-media-stream",
)


def launch_arguments() -> dict:
    """What Playwright starts the browser with; without one here it takes its own."""
    found = filter(None, map(shutil.which, [os.environ.get("CHROMIUM") or "", *NAMES]))
    named = {"executable_path": path} if (path := next(found, None)) else {}
    return {**named, "args": list(ARGUMENTS)}
