"""In Firefox too: sign up, log, read the day while the server is away, and have sent what waited then."""

from urllib.parse import urlsplit

import pytest
from acts import PASSWORD, new_email
from firefox import ENTER, Firefox, find_firefox, firefox
from live_app import live_app

ENTRIES = 'document.querySelectorAll(".meal .list > li").length'
STRIP = 'document.querySelector("#offline:not([hidden])")'


@pytest.fixture
def window():
    path = find_firefox()
    if path is None:
        pytest.skip("There is no Firefox here.")
    with firefox(path) as window:
        yield window


def sign_up(window: Firefox, address: str) -> None:
    window.open(f"{address}/signup")
    for name, text in {"name": "Alice", "email": new_email(), "password": PASSWORD}.items():
        window.write(f"input[name={name}]", text)
    window.click("main form button")
    window.wait('location.pathname === "/targets/body"')


def log(window: Firefox, kcal: str) -> None:
    window.run('document.getElementById("quick").open = true')
    window.write("#quick [name=energy_kcal]", kcal + ENTER)


def test_firefox_reads_and_logs_while_the_server_is_away(window, live):
    with live_app(live.database) as address:
        sign_up(window, address)
        window.open(f"{address}/diary")
        window.run_until("navigator.serviceWorker.ready")
        window.open(f"{address}/diary")
        log(window, "321")
        window.wait(f"{ENTRIES} === 1")
        window.open(f"{address}/diary")

    window.open(f"{address}/diary")
    window.wait(f'{STRIP}?.textContent.includes("This is how it was at")')
    assert window.run(f"return {ENTRIES}") == 1
    log(window, "345")
    window.wait(f'{STRIP}?.textContent.includes("1 waiting to be sent")')

    with live_app(live.database, urlsplit(address).port):
        window.click("#offline [data-send]")
        window.wait(f"{ENTRIES} === 2 && !{STRIP}")
