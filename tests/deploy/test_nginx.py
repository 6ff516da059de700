"""The shipped nginx.conf in front of a server that only notes what reaches it."""

import subprocess
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from front import NGINX, SITE, nginx
from serving import Browser
from surroundings import ROOT

from caloria.views.barcodes import MOST_BYTES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("nginx"),
    pytest.mark.skipif(NGINX is None, reason="there is no nginx here"),
]
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example",
    "Via": "1.1 evil.example",
}
POST = f"POST /foods/barcodes HTTP/1.1\r\nHost: {SITE}\r\n"
KEPT_A_YEAR = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Request-ID": "of-the-first",
}


class Backend(ThreadingHTTPServer):
    """Notes each request; answers those to /lost not at all, and those to /static/ as the app does."""

    daemon_threads = True

    def __init__(self):
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        self.server.requests.append((self.command, self.path, dict(self.headers.items())))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/lost":
            return
        self.send_response(200)
        for name, value in (KEPT_A_YEAR if "?v=" in self.path else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"an answer that is long enough to be packed " * 100)

    do_GET = do_POST = answer

    def log_message(self, *_words):
        pass


@pytest.fixture(scope="module")
def backends():
    started = Backend(), Backend()
    yield started
    for each in started:
        each.shutdown()
        each.server_close()


@pytest.fixture(scope="module")
def front(backends, tmp_path_factory):
    with nginx(tmp_path_factory.mktemp("nginx"), *(each.port for each in backends)) as front:
        yield front


@pytest.fixture
def seen(backends):
    """What came through to either backend."""
    for each in backends:
        each.requests.clear()
    return lambda: [request for each in backends for request in each.requests]


def send(front, method: str, path: str, body: str | None = None, **headers: str):
    return front.visitor().send(method, path, body, headers)


def test_what_a_visitor_says_about_themselves_is_replaced(front, seen):
    send(front, "GET", "/", **FORGED)

    [(_, _, headers)] = seen()
    assert headers.pop("Host") == SITE
    forwarded = {name: value for name, value in headers.items() if name in FORGED}
    assert forwarded == {
        "X-Forwarded-For": "127.0.0.2",
        "X-Forwarded-Host": SITE,
        "X-Forwarded-Proto": "https",
    }


def test_http_leads_to_https_and_brings_the_rest_along(front, seen):
    answer = Browser(front.http, SITE).send("POST", "/login?next=%2Fdiary", "", {})

    assert (answer.status, answer.headers["Location"]) == (308, f"https://{SITE}/login?next=%2Fdiary")
    assert seen() == []


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1", ""])
def test_another_name_gets_no_answer(front, seen, name):
    for browser in (front.visitor(), Browser(front.http)):
        with pytest.raises(OSError, match="closed connection"):
            browser.send("GET", "/", None, {"Host": name} if name else {"Host": "_"})
    assert seen() == []


def test_a_name_that_is_not_ours_is_shown_no_certificate(front):
    said = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{front.https}", "-servername", "evil.example"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )

    assert said.returncode == 1
    assert "no peer certificate available" in said.stdout


@pytest.mark.parametrize(
    "path", ["/metrics", "/metrics/", "//metrics", "/%6Detrics", "/x/../metrics", "/health/database"]
)
def test_figures_are_not_seen_from_outside(front, seen, path):
    assert send(front, "GET", path, Authorization="Bearer of-nobody").status == 404
    assert seen() == []


def test_a_monitor_outside_may_ask_whether_the_process_lives(front, seen):
    assert send(front, "GET", "/health").status == 200
    assert [path for _, path, _ in seen()] == ["/health"]


def test_a_post_without_an_answer_is_not_sent_again(front, seen):
    answer = send(front, "POST", "/lost", "amount=1")

    assert len(seen()) == 1
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "before you send something again" in answer.text


def test_what_the_app_lets_be_kept_is_kept_for_everybody(front, seen):
    answers = [send(front, "GET", "/static/css/all.css?v=1") for _ in range(3)]

    assert len(seen()) == 1
    assert {answer.headers["Cache-Control"] for answer in answers} == {KEPT_A_YEAR["Cache-Control"]}
    assert not any("X-Request-ID" in answer.headers for answer in answers)


def test_what_the_app_does_not_is_asked_for_each_time(front, seen):
    for path in ("/static/img/icon.svg", "/diary?v=1"):
        for _ in range(2):
            send(front, "GET", path)

    assert len(seen()) == 4


def test_pages_are_not_packed(front):
    answer = send(front, "GET", "/", **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert "nginx/" not in answer.headers["Server"]


def test_a_body_may_be_as_large_as_the_largest_that_the_app_reads(front, seen):
    """Announced, not sent: nginx answers without waiting for it."""
    for size, status in ((MOST_BYTES, b"100"), (MOST_BYTES + 1, b"413")):
        with closing(front.visitor().connect()) as connection:
            connection.sock.sendall(f"{POST}Content-Length: {size}\r\nExpect: 100-continue\r\n\r\n".encode())
            assert connection.sock.recv(100).split()[1] == status
    assert seen() == []


def test_a_slow_body_waits_in_nginx_and_takes_nothing_from_the_app(front, seen):
    with closing(front.visitor().connect()) as connection:
        connection.sock.sendall(f"{POST}Content-Length: 9\r\n\r\namount".encode())
        send(front, "GET", "/meanwhile")
        assert [path for _, path, _ in seen()] == ["/meanwhile"]

        connection.sock.sendall(b"=10")
        assert connection.sock.recv(100).split()[1] == b"200"
    assert sorted(path for _, path, _ in seen()) == ["/foods/barcodes", "/meanwhile"]


def test_what_is_written_down_is_what_debian_throws_away_in_time():
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    logs = [line.split()[1] for line in site.splitlines() if line.strip().startswith("error_log")]
    rule = Path("/etc/logrotate.d/nginx")

    assert [Path(log).parent for log in logs] == [Path("/var/log/nginx")]
    assert site.count("access_log off;") == site.count("\nserver {")
    if rule.exists():
        assert "/var/log/nginx/*.log" in rule.read_text()
        assert all(log.endswith(".log") for log in logs)


def test_silence_is_not_waited_for_long():
    site = (ROOT / "deploy" / "nginx.conf").read_text()

    for name in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        [said] = [line.split()[1] for line in site.splitlines() if line.strip().startswith(name)]
        assert 5 <= int(said.removesuffix("s;")) <= 30
