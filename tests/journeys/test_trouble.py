"""When something goes wrong nothing is lost, nothing is logged twice, and the page says what to do."""

import pytest
from acts import entries, heading, left, notice
from playwright.sync_api import expect

GROW_OLD = "document.querySelectorAll('[name=csrf_token]').forEach((token) => { token.value = 'old'; })"
SEND_TWICE = """button => {
  const { form } = button, body = new URLSearchParams(new FormData(form, button));
  const send = () => fetch(form.action, { method: "POST", body });
  return Promise.all([send(), send()]).then(() => null);
}"""


@pytest.fixture
def diary(open_page, cookies_of):
    """The diary of Nora, who has no target, on the day that is today."""
    page = open_page(storage_state=cookies_of("nora"))
    page.goto("/diary")
    return page


def quick(page, kcal: str):
    page.locator("#quick summary").click()
    field = page.get_by_label("Energy (kcal)")
    field.fill(kcal)
    return field


def test_a_double_click_sends_and_logs_once(diary):
    before, sent = entries(diary).count(), []
    diary.on("request", lambda request: sent.append(request.method))

    diary.locator(".tile").first.dblclick()

    expect(notice(diary)).to_contain_text("Logged")
    expect(entries(diary)).to_have_count(before + 1)
    assert sent.count("POST") == 1


def test_a_double_click_logs_once_without_javascript(open_page, cookies_of):
    page = open_page(java_script_enabled=False, storage_state=cookies_of("nora"))
    page.goto("/diary")
    before = entries(page).count()

    page.locator(".tile").first.dblclick()

    expect(notice(page)).to_contain_text("Logged")
    page.goto("/diary")
    expect(entries(page)).to_have_count(before + 1)


def test_over_a_slow_network_a_second_press_waits_and_logs_nothing_more(diary):
    before, held = entries(diary).count(), []
    diary.route("**/quick-entries", lambda route: held.append(route))
    field = quick(diary, "234")
    field.press("Enter")
    expect(diary.locator("#quick form")).to_have_attribute("aria-busy", "true")
    expect(diary.locator("#quick form")).to_have_css("cursor", "progress")
    field.press("Enter")
    diary.locator("#quick").get_by_role("button", name="Add").click()

    assert len(held) == 1
    held.pop().continue_()
    expect(notice(diary)).to_contain_text("Logged Quick calories, 234 kcal.")
    expect(entries(diary)).to_have_count(before + 1)
    assert not held


def test_the_same_form_sent_twice_at_once_is_one_entry(diary):
    before = entries(diary).count()

    diary.locator(".tile").first.evaluate(SEND_TWICE)

    diary.goto("/diary")
    expect(entries(diary)).to_have_count(before + 1)


def test_what_was_typed_stays_while_there_is_no_connection(diary, allowed):
    allowed.append("ERR_INTERNET_DISCONNECTED")
    before = entries(diary).count()
    field = quick(diary, "345")
    diary.context.set_offline(True)
    field.press("Enter")
    expect(notice(diary)).to_have_text("Not saved: no connection. Your text is still here.")
    expect(field).to_have_value("345")

    diary.context.set_offline(False)
    field.press("Enter")

    expect(notice(diary)).to_contain_text("Logged Quick calories, 345 kcal.")
    expect(entries(diary)).to_have_count(before + 1)


def test_an_answer_that_got_lost_is_no_second_entry(diary, allowed):
    allowed.append("ERR_FAILED")
    before = entries(diary).count()
    field = quick(diary, "456")

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort()

    diary.route("**/quick-entries", lose)
    field.press("Enter")
    expect(notice(diary)).to_contain_text("Not saved")
    diary.unroute("**/quick-entries")
    field.press("Enter")

    expect(notice(diary).first).to_contain_text("Logged Quick calories, 456 kcal.")
    expect(entries(diary)).to_have_count(before + 1)


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(diary, allowed):
    allowed.append("status of 422")
    quick(diary, "many").press("Enter")

    summary = diary.locator("[data-errors]")
    expect(summary).to_be_focused()
    expect(diary.get_by_label("Energy (kcal)")).to_have_value("many")
    summary.get_by_role("link", name="Energy (kcal)").click()
    expect(diary.get_by_label("Energy (kcal)")).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_page_with_errors_begins_with_them(javascript, open_page, allowed):
    allowed.append("status of 422")
    page = open_page(java_script_enabled=javascript)
    page.goto("/signup")
    page.get_by_label("Your name").fill("Alice")
    page.get_by_role("button", name="Create my diary").click()

    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Alice")
    page.locator("[data-errors]").get_by_role("link", name="E-mail").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    assert page.url.endswith("/signup#email")


def test_back_after_logging_shows_the_search_and_logs_nothing_again(diary):
    before = entries(diary).count()
    diary.goto("/foods/search?q=milk")
    diary.locator("#found li").first.get_by_role("button").click()
    expect(heading(diary)).to_have_text("Today")
    expect(entries(diary)).to_have_count(before + 1)

    diary.go_back()
    expect(diary.get_by_label("Search foods")).to_have_value("milk")
    diary.go_forward()

    expect(heading(diary)).to_have_text("Today")
    expect(entries(diary)).to_have_count(before + 1)


def test_back_after_logging_in_place_leaves_the_day(diary):
    diary.goto("/foods")
    diary.goto("/diary")
    diary.locator(".tile").first.click()
    expect(notice(diary)).to_contain_text("Logged")

    diary.go_back()

    expect(heading(diary)).to_have_text("Foods")


def test_a_form_that_was_open_too_long_is_given_back_to_be_sent_again(diary, allowed):
    allowed.append("status of 422")
    field = quick(diary, "567")
    diary.evaluate(GROW_OLD)
    field.press("Enter")
    expect(heading(diary)).to_have_text("This page was open for a long time")
    expect(diary.get_by_label("Energy kcal")).to_have_value("567")

    diary.get_by_role("button", name="Send it again").click()

    expect(notice(diary)).to_contain_text("Logged Quick calories, 567 kcal.")


def test_deleting_from_a_page_that_was_open_too_long_deletes_in_the_end(diary, allowed):
    allowed.append("status of 422")
    before = entries(diary).count()
    diary.locator(".meal .list .item").first.click()
    expect(diary.locator("#edit")).to_be_visible()
    diary.evaluate(GROW_OLD)
    diary.get_by_role("button", name="Delete").first.click()
    diary.get_by_role("button", name="Send it again").click()

    expect(notice(diary)).to_contain_text("Deleted")
    expect(entries(diary)).to_have_count(before - 1)


def test_while_the_database_is_away_nothing_is_lost(diary, live, allowed):
    allowed.append("status of 503")
    before = entries(diary).count()
    field = quick(diary, "678")
    with live.database_away():
        field.press("Enter")
        expect(notice(diary)).to_contain_text("Not saved: this didn't work just now.")
        expect(field).to_have_value("678")
    field.press("Enter")

    expect(notice(diary)).to_contain_text("Logged Quick calories, 678 kcal.")
    expect(entries(diary)).to_have_count(before + 1)


def test_without_javascript_what_the_database_missed_is_sent_again(open_page, cookies_of, live, allowed):
    allowed.append("status of 503")
    page = open_page(java_script_enabled=False, storage_state=cookies_of("nora"))
    page.goto("/diary")
    field = quick(page, "789")
    with live.database_away():
        field.press("Enter")
        expect(heading(page)).to_have_text("Caloria is catching its breath")
        expect(page.get_by_label("Energy kcal")).to_have_value("789")
    page.get_by_role("button", name="Send it again").click()

    expect(notice(page)).to_contain_text("Logged Quick calories, 789 kcal.")


def test_undo_waits_and_what_was_merely_told_goes(open_page, cookies_of):
    page = open_page(storage_state=cookies_of("demo"))
    page.clock.install()
    page.goto("/diary")
    page.locator(".tile").first.click()
    expect(notice(page)).to_contain_text("Logged")
    # Where the pointer rests on it, it stays.
    page.mouse.move(0, 0)
    page.clock.run_for(30_000)
    expect(notice(page)).to_have_count(0)

    before = left(page)
    entries(page).first.locator(".item").click()
    entries(page).first.get_by_role("button", name="Delete").click()
    expect(notice(page)).to_contain_text("Deleted")
    page.clock.run_for(30_000)
    page.get_by_role("button", name="Undo").click()

    expect(notice(page)).to_contain_text("Undone")
    assert left(page) == before
