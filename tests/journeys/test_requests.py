"""What somebody misses is asked for, made by an admin, and eaten."""

import re

from acts import arrive_at, entries, heading, notice, press, sign_up, skip_body
from playwright.sync_api import expect


def test_a_request_becomes_a_food_which_the_person_then_logs(open_page, cookies_of, zone):
    person, admin = open_page(), open_page(storage_state=cookies_of("hanna"))
    sign_up(person, zone)
    skip_body(person)
    person.goto("/foods/search?q=kohlrabi crisps")
    person.get_by_role("link", name="Ask for it").click()
    expect(person.get_by_label("Which food?")).to_have_value("kohlrabi crisps")
    person.get_by_label("What should be known about it?").fill("A bag of 40 g")
    press(person, "Send it")
    expect(heading(person)).to_have_text("kohlrabi crisps")

    admin.goto("/admin/requests?owner=nobody&q=kohlrabi")
    admin.get_by_role("link", name="kohlrabi crisps").click()
    press(admin, "Take it")
    admin.get_by_role("link", name="Make it for everybody").click()
    admin.get_by_label("Energy (kcal)").fill("480")
    admin.get_by_label("One serving weighs (g)").fill("40")
    admin.get_by_label("What is a serving called?").fill("bag")
    admin.get_by_label("An answer to the person").fill("From the maker's page.")
    press(admin, "Save, and the request is done")
    expect(notice(admin)).to_contain_text("Everybody has “kohlrabi crisps” now")

    person.goto("/foods")
    expect(person.get_by_text("1 answer")).to_be_visible()
    person.get_by_role("link", name="Foods you asked for").click()
    person.get_by_role("link", name="kohlrabi crisps").click()
    expect(person.get_by_text("From the maker's page.")).to_be_visible()
    person.get_by_role("link", name="Open “kohlrabi crisps”").click()
    person.get_by_role("button", name=re.compile("^Add to today")).click()
    arrive_at(person, "Today")
    expect(entries(person)).to_have_count(1)
    expect(entries(person)).to_contain_text("192")
