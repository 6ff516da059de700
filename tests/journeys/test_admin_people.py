"""An admin finds somebody among all people and does something for them, and they see it."""

import re
from datetime import UTC, datetime, timedelta

from acts import heading, notice, press, sign_up, skip_body
from playwright.sync_api import expect


def test_an_admin_finds_a_person_and_extends_the_trial_and_the_person_sees_it(open_page, cookies_of, zone):
    person, admin = open_page(), open_page(storage_state=cookies_of("hanna"))
    address = sign_up(person, zone)
    skip_body(person)

    admin.goto("/admin")
    admin.get_by_role("navigation", name="Admin").get_by_role("link", name="People").click()
    admin.get_by_label("Address, name or number").fill(address.split("@")[0])
    press(admin, "Find")
    admin.get_by_role("link", name=address).click()
    expect(heading(admin)).to_have_text(address)
    until = datetime.now(UTC).date() + timedelta(days=60)
    admin.get_by_role("form", name="Extend the trial").get_by_label("Until the end of").fill(
        until.isoformat()
    )
    press(admin, "Extend the trial")
    expect(notice(admin)).to_contain_text("The trial lasts until then.")
    expect(admin.get_by_role("region", name="Noted lately")).to_contain_text("trial until another day")

    person.goto("/subscription")
    ends = re.compile(f"You try all of Plus until .*{until:%-d %B}")
    expect(person.get_by_role("main")).to_contain_text(ends)
