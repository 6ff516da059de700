"""Where a person is signed in, and signing out from afar."""

import pytest
from pages import Page
from surroundings import PASSWORD

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
DEVICES = "/account/sessions"


@pytest.fixture
def browsers(app, alice, bob):
    """Alice's phone and laptop, and Bob's phone, each signed in on the sign-in page."""

    def browser(email, user_agent, address):
        made = app.test_client()
        made.environ_base |= {"HTTP_USER_AGENT": user_agent, "REMOTE_ADDR": address}
        assert made.post("/login", data={"email": email, "password": PASSWORD}).status_code == 303
        return made

    return (
        browser(alice.email, PHONE, "203.0.113.7"),
        browser(alice.email, LAPTOP, "2001:db8::1"),
        browser(bob.email, PHONE, "198.51.100.9"),
    )


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def test_a_person_sees_their_devices_and_which_is_this_one(browsers):
    phone, _laptop, _bobs = browsers

    words = Page(phone.get(DEVICES)).words

    assert "Firefox on Android this one from 203.0.113.7" in words
    assert "Firefox on Windows from 2001:db8::1" in words
    assert "198.51.100.9" not in words


def test_one_device_is_signed_out_and_the_others_are_not(browsers):
    phone, _laptop, bobs = browsers

    form = Page(phone.get(DEVICES)).form("/delete")
    answer = phone.post(form.action, data=form.data)

    assert (answer.status_code, answer.location) == (303, DEVICES)
    assert [is_signed_in(each) for each in browsers] == [True, False, True]
    # Neither one that is signed out nor a stranger's can be signed out there.
    assert bobs.post(form.action).status_code == phone.post(form.action).status_code == 404


def test_all_others_are_signed_out_at_once(browsers):
    phone, _laptop, _bobs = browsers

    assert phone.post(f"{DEVICES}/others/delete").status_code == 303

    assert [is_signed_in(each) for each in browsers] == [True, False, True]
    assert not Page(phone.get(DEVICES)).has_form("/others/delete")
