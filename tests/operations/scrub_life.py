"""A person of whom every table says something, beside shared foods."""

from datetime import date, time
from uuid import uuid4

from caloria.extensions import db
from caloria.models import (
    Act,
    AuditEvent,
    BackupRun,
    Body,
    Day,
    DayNote,
    Drink,
    Entry,
    Food,
    FoodMerge,
    FoodWord,
    Job,
    OwnPortion,
    PasswordReset,
    Reminders,
    SavedMeal,
    Server,
    Session,
    Signup,
    Subscription,
    Target,
    Throttle,
    Weight,
)
from caloria.models.clock import utc_now
from caloria.models.food import Label, Portion
from caloria.models.ids import new_id

DAY = date(2026, 11, 20)
LABEL = {"serving_name": "my cup", "serving_grams": 30.0, "gtin": "04006381333931"}


def live(name: str):
    """Make a person who wrote something into every place that there is."""
    person = Signup(name, f"{name}@example.org", "correct horse battery staple", "Europe/Madrid").complete()
    Body.tell(person.id, height_cm=172.5, birth_year=1987, sex="female")
    told(person)
    oats, soup = shared("Oats, dry"), own(person, "Soup of Ann")
    FoodMerge.complete(person, own(person, "Stew of Ann"), soup, new_id(), "digest")
    OwnPortion.measure(person, oats, "her bowl", 55.0, new_id(), "digest")
    eat(Day(person, DAY), [(oats, oats.usual_portion), (soup, soup.usual_portion), (None, None)])
    db.session.commit()
    return person


def told(person) -> None:
    """What a person says beside food, and what is noted of them."""
    Target.set(person, DAY, {"energy_kcal": 2000.0}, new_id(), "digest")
    db.session.add(Weight(user_id=person.id, id=new_id(), day=DAY, weight_kg=71.3))
    db.session.add(
        Subscription(
            user_id=person.id,
            id=new_id(),
            provider="mercadopago",
            provider_id=f"what they call {person.name}",
            status="active",
            amount_minor=499900,
            currency="ARS",
            billed_per="month",
            started_at=utc_now(),
        )
    )
    db.session.add(DayNote(user_id=person.id, day=DAY, text="with my sister at the sea"))
    Drink.log(person, DAY, 250.0, new_id(), "digest")
    Session.start(person)
    PasswordReset.begin(person)
    Job.put("password_reset", key=f"for {person.email}", user_id=str(person.id))
    Throttle.is_exceeded({person.email: 5})
    AuditEvent.note("try", person, before={"name": "x"}, after={"name": "y"})
    over = db.session.connection()
    Reminders(person).add(time(20), None, new_id(), "digest")
    Server.note(over, "web1", version="1", environment="production", booted_at=utc_now())
    BackupRun.note_over(over, kind="backup", state="failed", server="web1")


def shared(name: str) -> Food:
    food = Food(source="usda", source_id=uuid4().hex, carbohydrate_basis="by_difference", energy_kcal=380)
    food.rename(name)
    food.names, food.category = {"es": "Avena"}, "Cereals"
    food.portions = [Portion(position=1, amount=1, unit="cup", gram_weight=80)]
    db.session.add(food)
    FoodWord.replace_all(["oats"])
    db.session.flush()
    return food


def own(person, name: str) -> Food:
    label = Label(name=name, brand="her kitchen", per_100_g={"energy_kcal": 40.0}, **LABEL)
    food = Food.create_own(person, new_id(), "digest", label)
    db.session.flush()
    return food


def eat(day: Day, what: list) -> None:
    """Log foods, and calories without one, with all that comes of it."""
    meal = day.meals[0].meal
    entries = []
    for food, portion in what:
        entry = Entry(user_id=day.person.id, id=new_id(), day=day.date, meal_id=meal.id, form_digest="digest")
        if food:
            entry.serve(food, portion, 2)
        else:
            entry.say("a thing of hers", {"energy_kcal": 100.0})
        entries.append(entry)
    db.session.add_all(entries)
    db.session.flush()
    Act.made(entries, "logged", new_id(), "digest")
    SavedMeal.keep(day, meal, "as always", new_id(), "digest")
