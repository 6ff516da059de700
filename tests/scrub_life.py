"""A person of whom every table says something, beside shared foods."""

from datetime import date, time
from uuid import UUID, uuid4

from sqlalchemy import func, select

from caloria.extensions import db
from caloria.models import (
    Act,
    AuditArchive,
    AuditEvent,
    AuditSeal,
    BackupRun,
    Body,
    CheckIn,
    DailyFigure,
    Day,
    DayMark,
    DayNote,
    DiaryImport,
    Drink,
    EmailConfirmation,
    Entry,
    Erasure,
    Food,
    FoodMerge,
    FoodRequest,
    FoodWord,
    Job,
    Measurement,
    OpenFood,
    OwnPortion,
    PasswordReset,
    Payment,
    PaymentCall,
    PaymentCustomer,
    PaymentEvent,
    Reminders,
    SavedMeal,
    Server,
    Session,
    Signup,
    Subscription,
    Target,
    Throttle,
    WeekdayTarget,
    Weight,
)
from caloria.models.clock import utc_now
from caloria.models.food import Label, Portion
from caloria.models.ids import id_from, new_id

DAY = date(2026, 11, 20)
LABEL = {"serving_name": "my cup", "serving_grams": 30.0, "gtin": "04006381333931"}


def live(name: str):
    """Make a person who wrote something into every place that there is."""
    person = Signup(name, f"{name}@example.org", "correct horse battery staple", "Europe/Madrid").complete()
    Body.tell(person.id, height_cm=172.5, birth_year=1987, sex="female")
    told(person)
    oats, soup = shared("Oats, dry"), own(person, "Soup of Ann")
    ask_for(person, oats)
    FoodMerge.complete(person, own(person, "Stew of Ann"), soup, new_id(), "digest")
    OwnPortion.measure(person, oats, "her bowl", 55.0, new_id(), "digest")
    eat(Day(person, DAY), [(oats, oats.usual_portion), (soup, soup.usual_portion), (None, None)])
    db.session.commit()
    return person


def told(person) -> None:
    """What a person says beside food, and what is noted of them."""
    Target.set(person, DAY, {"energy_kcal": 2000.0}, new_id(), "digest")
    WeekdayTarget.set(person, DAY, {5: 2400.0})
    Weight.log(person, DAY, 71.3, new_id(), "digest")
    Measurement.log(person, f"Scar of {person.name}", "cm", 12.5, new_id(), "digest")
    DayMark.write(person, DAY, True)
    decided = {"spent_kcal": 2400, "error_kcal": 110, "proposed_kcal": 1900, "accepted": True}
    db.session.add(CheckIn(user_id=person.id, id=new_id(), day=DAY, form_digest="digest", **decided))
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
            customer_id=f"how they number {person.name}",
            price_id="what they call the price",
        )
    )
    paid(person)
    db.session.add(DayNote(user_id=person.id, day=DAY, text="with my sister at the sea"))
    Drink.log(person, DAY, 250.0, new_id(), "digest")
    file = b"Date,Meal,Calories,Saturated Fat,Carbohydrates (g)\n2026-11-20,Her breakfast,300,1,20\n"
    DiaryImport.keep(person, f"of {person.name}.csv", file, new_id())
    Session.start(person)
    PasswordReset.begin(person)
    Job.put("password_reset", key=f"for {person.email}", user_id=str(person.id))
    Throttle.is_exceeded({person.email: 5})
    AuditEvent.note("try", person, before={"name": "x"}, after={"name": "y"})
    over = db.session.connection()
    Reminders(person).add(time(20), None, new_id(), "digest")
    Server.note(over, "web1", version="1", environment="production", booted_at=utc_now())
    db.session.add(EmailConfirmation(user_id=person.id, email=f"new{person.email}", token_hash=person.name))
    db.session.add(Erasure(user_id=new_id(), payments_kept=1, kept_because="tax law"))
    number = db.session.scalar(select(func.count()).select_from(AuditSeal)) + 1
    db.session.add(AuditSeal(position=number, sequence=number, digest="0" * 64))
    part = {"first_position": number, "last_position": number, "last_digest": "0" * 64}
    db.session.add(AuditArchive(file=f"{number}.jsonl", **part))
    db.session.add(DailyFigure(day=DAY, name=f"counted after {person.name}", value=1))
    BackupRun.note_over(over, kind="backup", state="failed", server="web1")


def paid(person) -> None:
    """What is kept beside a subscription."""
    now, by = utc_now(), {"provider": "stripe"}
    db.session.add(PaymentCustomer(user_id=person.id, customer_id=f"cus {person.name}", **by))
    call = {"intent": "customer", "attempt": 1, "idempotency_key": f"key of {person.name}"}
    db.session.add(PaymentCall(user_id=person.id, id=new_id(), **call))
    event = {"event_id": f"evt {person.name}", "type": "invoice.paid", "livemode": True, "occurred_at": now}
    db.session.add(PaymentEvent(**event, **by))
    money = {"kind": "payment", "amount_minor": 499, "currency": "EUR", "at": now}
    invoice = {"provider_id": f"in {person.name}", "invoice_number": f"INV {person.name}"}
    db.session.add(Payment(user_id=person.id, **money, **invoice, **by))


def ask_for(person, food: Food) -> None:
    said = {
        "title": "Soup of my sister",
        "description": "She makes it on Sundays",
        "answer": "Here it is, Ann",
    }
    ended = {"state": "completed", "ended_at": utc_now()}
    db.session.add(
        FoodRequest(user_id=person.id, about_id=food.id, owner_id=person.id, form_digest="d", **said, **ended)
    )


def shared(name: str) -> Food:
    food = Food(source="usda", source_id=uuid4().hex, carbohydrate_basis="by_difference", energy_kcal=380)
    food.rename(name)
    food.names, food.category = {"es": "Avena"}, "Cereals"
    food.portions = [Portion(position=1, amount=1, unit="cup", gram_weight=80)]
    db.session.add(food)
    FoodWord.replace_all(["oats"])
    scanned = {"gtin": "03017620422003", "code": "3017620422003", "changed_at": utc_now()}
    db.session.merge(
        OpenFood(
            id=id_from(UUID(int=7), 1),
            name="Spread",
            folded_name="spread",
            brand="B",
            category="C",
            **scanned,
        )
    )
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
