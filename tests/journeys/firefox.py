"""Drives Debian's Firefox by Marionette, which it brings along.

Playwright knows its own Firefox alone, and there is no geckodriver among the packages of Debian.
"""

import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE_SECONDS = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"
# Port 0: one that is free. It then stands in a file of the profile.
PREFERENCES = {"marionette.port": 0, "app.update.enabled": False, "browser.shell.checkDefaultBrowser": False}
NAMES = ("firefox-esr", "firefox")


def find_firefox() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """One window of a Firefox without a screen."""

    def __init__(self, connection: socket.socket):
        self.stream = connection.makefile("rwb")
        self.asked = 0
        self._read()
        self.ask("WebDriver:NewSession")

    def ask(self, command: str, **said):
        self.asked += 1
        message = json.dumps([0, self.asked, command, said]).encode()
        self.stream.write(b"%d:%s" % (len(message), message))
        self.stream.flush()
        _, _, error, answer = self._read()
        if error:
            raise RuntimeError(f"{command} {said}: {error['error']}: {error['message']}")
        return answer.get("value") if isinstance(answer, dict) else answer

    def _read(self):
        digits = b"".join(iter(lambda: self.stream.read(1), b":"))
        return json.loads(self.stream.read(int(digits)))

    def open(self, address: str) -> None:
        self.ask("WebDriver:Navigate", url=address)

    def run(self, script: str):
        return self.ask("WebDriver:ExecuteScript", script=script, args=[])

    def run_until(self, promise: str) -> None:
        """Wait for a promise of the page."""
        script = f"const [done] = arguments; {promise}.then(() => done())"
        self.ask("WebDriver:ExecuteAsyncScript", script=script, args=[])

    def wait(self, script: str) -> None:
        """Wait until an expression is true on the page, which may be another by then."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._is(script):
            if time.monotonic() > until:
                raise AssertionError(f"{script}\n{self.run('return document.body.innerText')}")
            time.sleep(0.1)

    def _is(self, script: str) -> bool:
        with contextlib.suppress(RuntimeError):
            return self.run(f"return Boolean({script})")
        return False

    def click(self, selector: str) -> None:
        self.ask("WebDriver:ElementClick", id=self._find(selector))

    def write(self, selector: str, text: str) -> None:
        self.ask("WebDriver:ElementSendKeys", id=self._find(selector), text=text)

    def _find(self, selector: str) -> str:
        return self.ask("WebDriver:FindElement", using="css selector", value=selector)[ELEMENT]


@contextlib.contextmanager
def firefox(path: str) -> Iterator[Firefox]:
    """Start Firefox with a profile of its own; it ends with this."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        preferences = [
            f"user_pref({json.dumps(name)}, {json.dumps(to)});" for name, to in PREFERENCES.items()
        ]
        Path(folder, "user.js").write_text("\n".join(preferences))
        command = [path, "--headless", "--marionette", "--no-remote", "--profile", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            port = Path(folder, "MarionetteActivePort")
            wait_until(lambda: port.exists() and port.read_text().isdigit(), process)
            with socket.create_connection(
                ("127.0.0.1", int(port.read_text())), PATIENCE_SECONDS
            ) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("Firefox did not start.")
        time.sleep(0.05)
