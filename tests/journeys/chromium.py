"""Which browser the journeys and the pictures use: the one that CHROMIUM names, or one found here."""

import os
import shutil

# It draws the same pages for half of the work, but has no camera.
SHELL = "chromium-headless-shell"
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


def launch_arguments(has_camera: bool = False) -> dict:
    """What Playwright starts the browser with; without one here it takes its own."""
    names = [*([] if has_camera else [SHELL]), os.environ.get("CHROMIUM") or "", *NAMES]
    found = filter(None, map(shutil.which, names))
    named = {"executable_path": path} if (path := next(found, None)) else {}
    return {**named, "args": list(ARGUMENTS)}
