"""No part of a password in anything that Caloria says."""

import logging
import os
import threading
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from fake_server import refusing, server, silent
from ports import free_port
from processes import KEY, WAYS, open_process, start, stop
from processes import told as told_process
from serving import Browser, wait_for
from sqlalchemy import make_url

from caloria import guard

PASSWORDS = {
    "reserved": "p@ss/w#rd?x=1",
    "blank": "q7 Zu_ w9",
    "percent": "%ZZtopsecret",
    "punctuation": "':;--drop",
    "long": "Zq7" * 67,
    "unicode": "pä55wört✓🔑",
    "backslash": 'zqk7\\xwv"jq9',
}
TOKEN = "a-token-for-monitoring"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SHOWN_ANYWAY = {"1/ca", "calo", "alor", "lori", "oria"}


def addresses(password: str, port: int = 1) -> dict[str, str]:
    """Every way in which a password gets into an address, rightly or wrongly."""
    end = f"127.0.0.1:{port}/caloria"
    return {
        "quoted": f"postgresql://caloria:{quote(password, safe='')}@{end}",
        "raw": f"postgresql://caloria:{password}@{end}",
        "quoted in the query": f"postgresql://caloria@{end}?password={quote(password, safe='')}",
        "raw in the query": f"postgresql://caloria@{end}?password={password}",
        "with a broken port": f"postgresql://caloria:{quote(password, safe='')}@127.0.0.1:{port}x/caloria",
        "with an unknown parameter": f"postgresql://caloria:{quote(password, safe='')}@{end}?colour=red",
        "for another engine": f"mysql://caloria:{password}@{end}",
        "without a scheme": f"caloria:{password}@{end}",
    }


def parts(password: str) -> set[str]:
    """Every piece of four characters, as written and as %-codes."""
    written = {password, quote(password, safe=""), quote(password)}
    return {text[i : i + 4] for text in written for i in range(len(text) - 3)} - SHOWN_ANYWAY


def shown(output: str, password: str) -> list[str]:
    return sorted(part for part in parts(password) if part in output)


@pytest.mark.parametrize("name", PASSWORDS)
@pytest.mark.parametrize("form", addresses("x"))
def test_a_refusal_holds_no_part_of_the_password(told, require, name, form, caplog, capfd):
    password = PASSWORDS[name]
    with pytest.raises(guard.StartupRefused) as caught:
        require(told(addresses(password)[form]))
    said = "".join(traceback.format_exception(caught.value.with_traceback(None)))
    printed = capfd.readouterr()
    assert shown(said + caplog.text + printed.out + printed.err, password) == []
    assert caught.value.exit_code in (69, 78)


@pytest.mark.parametrize("name", PASSWORDS)
def test_what_the_server_says_of_it_is_not_repeated(told, require, name):
    password = PASSWORDS[name]
    with server(refusing(f"this password is wrong: {password}")) as port:
        config = told(addresses(password, port)["quoted"])
        with pytest.raises(guard.StartupRefused) as caught:
            require(config)
    assert shown(caught.value.message, password) == []


def test_secrets_of_other_kinds_are_not_repeated(told, require):
    secrets = {"SECRET_KEY": "qwer-7531", "METRICS_TOKEN": "zuio-8642", "CALORIA_DB_ID": "yxcv-9753"}
    with pytest.raises(guard.StartupRefused) as caught:
        require(told("sqlite:///x.db", "development", **secrets))
    for secret in secrets.values():
        assert shown(caught.value.message, secret) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "name", "form"),
    [
        ("flask run", "reserved", "raw"),
        ("flask run", "percent", "quoted"),
        ("gunicorn", "reserved", "raw"),
        ("gunicorn", "percent", "quoted"),
        ("create_app()", "unicode", "raw in the query"),
    ],
)
def test_no_process_prints_a_part_of_it(house, way, name, form):
    address = addresses(PASSWORDS[name])[form]
    outcome = start(WAYS[way], house, {"CALORIA_ENV": "test", "DATABASE_URL": address, "SECRET_KEY": KEY})
    assert outcome.exit_code in (69, 78), outcome.output
    assert shown(outcome.output, PASSWORDS[name]) == [], outcome.output


def away(password: str):
    """Servers that are no database any more, each in its own way."""
    yield from (refusing(f"this password is wrong: {password}"), refusing("starting up"), silent)


@pytest.mark.parametrize("name", PASSWORDS)
def test_no_page_and_no_log_of_a_worker_holds_a_part_of_it(told, monkeypatch, caplog, capfd, name):
    from caloria import create_app

    monkeypatch.setenv("CALORIA_GUARDED_BY", str(os.getppid()))
    caplog.set_level(logging.DEBUG)
    for answer in away(PASSWORDS[name]):
        with server(answer) as port:
            url = addresses(PASSWORDS[name], port)["quoted"]
            app = create_app(told(url, METRICS_TOKEN=TOKEN, DATABASE_CONNECT_TIMEOUT="2"))
            browser = app.test_client()
            pages = [browser.get("/health/database", headers=BEARER), browser.get("/login")]
            pages.append(browser.post("/login", data={"email": "a@example.org", "password": "x"}))
        assert pages[0].status_code == 503
        said = "".join(page.text + str(page.headers) for page in pages)
        printed = capfd.readouterr()
        assert shown(said + caplog.text + printed.out + printed.err, PASSWORDS[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("way", ["flask run", "gunicorn", "a cron line"])
def test_no_command_line_holds_a_part_of_it(house, env_file, way):
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("this platform does not show command lines as files")
    connected = threading.Event()

    def hang(connection):
        connected.set()
        silent(connection)

    with server(hang) as port:
        env_file(**told_process(addresses(PASSWORDS["reserved"], port)["quoted"]))
        process = open_process(WAYS[way], house, free_port(), {}, real=True)
        try:
            assert connected.wait(40)
            lines = command_lines(process.pid)
            assert process.wait(40) == 69
        finally:
            output = stop(process)
    assert "python" in lines
    assert shown(lines + output, PASSWORDS["reserved"]) == []


def command_lines(pid: int) -> str:
    """The command lines of a process and of all that it started."""
    line = Path(f"/proc/{pid}/cmdline").read_text()
    children = [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    return "\n".join([line, *(command_lines(int(child)) for child in children)])


@pytest.mark.slow
def test_a_server_whose_database_goes_away_shows_no_part_of_it(house, migrated, engine_name, request):
    if engine_name == "sqlite":
        pytest.skip("SQLite has no password")
    postgres, port = request.getfixturevalue("postgres"), free_port()
    password = PASSWORDS["reserved"]
    url = make_url(migrated).set(password=password).render_as_string(False)
    said = told_process(url, METRICS_TOKEN=TOKEN, LOG_LEVEL="DEBUG", WEB_CONCURRENCY="1")
    process, browser = open_process(WAYS["gunicorn"], house, port, said), Browser(port)
    try:
        wait_for(lambda: browser.get("/login").status == 200, process)
        name = make_url(migrated).database
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        wait_for(lambda: browser.get("/health/database", **BEARER).status == 503, process)
        pages = [
            browser.get("/health/database", **BEARER),
            browser.sign_in("a@example.org", "x"),
        ]
        lines = command_lines(process.pid)
    finally:
        output = stop(process)
    assert [page.status for page in pages] == [503, 503]
    assert shown("".join(page.text for page in pages) + lines + output, password) == []
