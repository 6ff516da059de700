"""Somebody who has kept a diary for a month."""

from flask import Flask


def live_a_month(app: Flask) -> None:
    """Let the person of the demo log thirty days; only the foods that they eat are imported."""
    from caloria.extensions import db
    from caloria.operations import demo
    from caloria.operations.food_import import import_starter
    from caloria.operations.starter import starter_foods

    eaten = {name for meal in demo.HABITS.values() for name, _amounts in meal}
    with app.app_context():
        import_starter(food for food in starter_foods() if food["name"] in eaten)
        person = demo.create_person()
        demo.log_days(person, demo.find_habits(), demo.days_of(person)[-30:])
        db.session.remove()
        db.engine.dispose()
