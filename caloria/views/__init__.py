"""The site map: every page of Caloria."""

from flask import Flask

from caloria.views import (
    account,
    acts,
    admin,
    barcodes,
    copies,
    corrections,
    diary,
    drinks,
    entries,
    foods,
    health,
    lines,
    logged_meals,
    meals,
    merges,
    notes,
    own_portions,
    pages,
    passwords,
    picks,
    saved_meal_items,
    saved_meals,
    sessions,
    signup,
    styleguide,
    targets,
)


def init_app(app: Flask) -> None:
    for view in (
        pages,
        health,
        signup,
        sessions,
        passwords,
        account,
        targets,
        foods,
        barcodes,
        diary,
        entries,
        copies,
        picks,
        lines,
        acts,
        saved_meals,
        saved_meal_items,
        logged_meals,
        meals,
        drinks,
        notes,
        own_portions,
        corrections,
        merges,
        admin,
        styleguide,
    ):
        app.register_blueprint(view.bp)
