"""What every answer says to the browser, whatever went well or wrong."""

import pytest
from surroundings import PASSWORD

from caloria.extensions import settings

GOOD = {"email": "alice@example.org", "password": PASSWORD}
ANSWERS = {
    200: ("GET", "/", {}),
    303: ("POST", "/login", GOOD),
    401: ("POST", "/account", {"name": "Alice"}),
    404: ("GET", "/no-such-page", {}),
    405: ("GET", "/logout", {}),
    413: ("POST", "/login", {"email": "x" * 1_100_000}),
    422: ("POST", "/login", {**GOOD, "password": "not the right one"}),
}


@pytest.fixture
def answers(app, alice):
    """An answer of each status, each to a visitor."""

    def answer(method: str, path: str, said: dict):
        browser = app.test_client()
        return browser.get(path) if method == "GET" else browser.post(path, data=said)

    return {status: answer(*asked) for status, asked in ANSWERS.items()}


def test_every_answer_forbids_what_our_pages_never_do(answers):
    for status, answer in answers.items():
        assert answer.status_code == status
        policy = answer.headers["Content-Security-Policy"]
        for word in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert word in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers


def test_a_deployed_server_is_to_be_asked_over_tls_alone(client, app, monkeypatch):
    monkeypatch.setattr(settings(), "deployed", True)

    assert "max-age=31536000" in client.get("/").headers["Strict-Transport-Security"]


@pytest.mark.parametrize("name", ["evil.example", "food.example.org.evil.example", "a b"])
def test_a_server_answers_to_its_own_names_alone(make_app, name):
    browser = make_app(TRUSTED_HOSTS="food.example.org").test_client()

    for path in ("/", "/login", "/no-such-page", "/static/css/all.css"):
        assert browser.get(path, headers={"Host": "food.example.org"}).status_code in (200, 404)
        answer = browser.get(path, headers={"Host": name, "X-Forwarded-Host": "food.example.org"})
        assert answer.status_code == 400, path
        assert "evil" not in answer.text
    assert browser.get("/health", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_no_other_site_may_read_an_answer(sign_in, alice, origin):
    answer = sign_in(alice).get("/account", headers={"Origin": origin})

    assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == []


@pytest.mark.parametrize("name", ["a..b", "x" * 70 + ".example"])
def test_a_host_that_is_none_is_a_mistake_of_whoever_asks(client, name):
    assert client.get("/", headers={"Host": name}).status_code == 400
    assert client.get("/health", headers={"Host": name}).status_code == 400
