"""Somebody who reads Spanish, and has not eaten yet what was planned."""

from scenes.stage import scene


@scene("sofia")
def day_in_spanish(page, _app):
    page.goto("/diary")
    page.locator(".meal .list .item").first.click()
    page.wait_for_selector("#edit")


@scene("sofia")
def food_in_spanish(page, _app):
    page.goto("/foods/search?q=leche")
    page.locator("#found .item__link").first.click()
    page.wait_for_selector("[data-portion]")
