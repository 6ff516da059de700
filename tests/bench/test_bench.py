"""The benchmark of pages, tiny: it is whole and says so when a figure would be worth nothing."""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from surroundings import ROOT
from tidying import is_tidy

# One after the other: they look for databases that a benchmark left.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bench")]
TINY = ("--people", "8", "--foods", "0", "--rounds", "1", "--seconds", "0.3", "--connections", "2")


@pytest.fixture(autouse=True)
def on_postgresql(engine_name):
    if engine_name != "postgresql":
        pytest.skip("the benchmark is of PostgreSQL")


def run_program(*words: str, typed: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=400, env=os.environ)


def test_it_holds_pages_and_logging_against_what_the_machine_can_do(postgres):
    done = run_program(ROOT / "bin" / "bench", *TINY, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    targets = result["targets"]
    assert result["setting"]["entries"] == 12 * (365 + 8 * 30)
    assert {name: target["statements"] for name, target in targets.items()} == {
        "day page": 4,
        "psycopg2 + Jinja, a day": 1,
        "logging a food": 4,
        "single INSERT": 1,
        "30-day trend": 4,
        "psycopg2 + Jinja, 30 days": 1,
        "90-day trend": 4,
        "static bytes": 0,
    }
    assert all(target["requests"] > 0 for target in targets.values())
    for bare, page in (("psycopg2 + Jinja, a day", "day page"), ("static bytes", "day page")):
        assert targets[bare]["bytes"] == pytest.approx(targets[page]["bytes"], rel=0.01)
    assert len(result["ratios"]) == 5
    assert is_tidy(postgres)


def test_a_page_that_is_not_there_fails_it(postgres):
    done = run_program(ROOT / "bin" / "bench", "day", *TINY, "--path", "/nowhere/{day}")
    assert done.returncode == 1
    assert "The day page answered 404 to /nowhere/" in done.stderr
    assert done.stdout == ""
    assert is_tidy(postgres)


def test_it_is_the_door_to_the_other_benchmarks():
    assert "bench/load" in run_program(ROOT / "bin" / "bench", "load", "--help").stdout
    assert "nothing here is called nonsense" in run_program(ROOT / "bin" / "bench", "nonsense").stderr


class Broken(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_answers_other_than_200_are_counted_and_end_the_load():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Broken)
    Thread(target=server.serve_forever, daemon=True).start()
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\n\r\n"
    requests = [{"kind": "page", "status": 200, "text": request}]
    asked = {"port": server.server_port, "requests": requests, "seconds": 60, "connections": 2}
    done = run_program(ROOT / "bench" / "client.py", typed=json.dumps(asked))
    server.shutdown()
    server.server_close()
    found = json.loads(done.stdout)
    assert found["unexpected"]["500"] >= 100
    assert found["seconds"] < 60
