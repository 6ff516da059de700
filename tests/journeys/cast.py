"""Adds the people whose days are looked at: run with a time zone and the settings of the app this is for.

Demo has kept a diary for months, and tries Plus; Hanna, an admin, has long names, many entries and more of
everything than she aimed at, and pays; Nora has no target and plans ahead, and a payment of hers failed;
Sofía reads Spanish, and her trial is over. All of them live in that time zone.
"""

import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select, update

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from caloria import create_app
from caloria.extensions import db
from caloria.models import (
    Day,
    Food,
    FoodRequest,
    Job,
    OpenFood,
    Payment,
    PaymentEvent,
    Signup,
    Subscription,
    Target,
    User,
)
from caloria.models.clock import utc_now
from caloria.models.day_count import count_days
from caloria.models.food_request import Asked
from caloria.models.food_sources.open_food_facts import product
from caloria.models.ids import new_id
from caloria.models.server import the_time
from caloria.operations.demo import create_person, days_of, find_habits, log_days

PASSWORD = "four-meals-a-day"
LONG = (
    "Grandmother Annemarie's slow-cooked beef and barley stew with root vegetables, pearl onions, thyme and "
    "a splash of Burgundy (leftovers from Sunday)"
)
ONE_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def foods() -> list[Food]:
    return list(db.session.scalars(select(Food).where(Food.owner_id.is_(None)).order_by(Food.folded_name)))


def log(day: Day, meal: int, chosen: list[Food], amount: float | None = None, planned: bool = False) -> None:
    for food in chosen:
        portion = food.usual_portion if amount is None else food.portion(None)
        day.log(food, portion, amount or portion.amount, day.meals[meal].meal, new_id(), "", planned)


def log_quick(day: Day, meal: int, name: str, energy_kcal: float) -> None:
    day.log_quick(name, {"energy_kcal": energy_kcal}, day.meals[meal].meal, new_id(), "")


def own_food(owner, name: str, brand: str | None, **amounts: float) -> Food:
    food = Food(owner_id=owner.id, source="own", source_id=str(new_id()), carbohydrate_basis="available")
    food.rename(name, brand)
    food.set_amounts(amounts)
    db.session.add(food)
    return food


def demo(zone: str) -> None:
    person = create_person()
    person.time_zone = zone
    log_days(person, find_habits(), days_of(person))


def hanna(shared: list[Food], zone: str) -> None:
    person = Signup("Hanna Maximiliane von " + ONE_WORD, "hanna@caloria.example", PASSWORD, zone)
    person = person.complete(is_admin=True)
    day = Day(person, person.today())
    amounts = {"energy_kcal": 1800, "protein_g": 90, "carbohydrate_g": 200, "fat_g": 60, "fiber_g": 30}
    Target.set(person, day.date - timedelta(days=30), amounts, new_id(), "")
    log(day, 0, shared[40:56])
    log(day, 2, shared[60:61], amount=12345.678)
    for name, energy_kcal in ((LONG, 18999), (ONE_WORD, 0), ("عصير برتقال طازج", 120)):
        log_quick(day, 1, name, energy_kcal)
    own_food(person, LONG, None, energy_kcal=120)
    oats = own_food(person, "Oats of my own", "Bauckhof", energy_kcal=372, protein_g=13)
    log(Day(person, day.date - timedelta(days=1)), 0, [oats], amount=60)
    strange = {"protein_g": 0, "carbohydrate_g": 80, "sugars_g": 90, "fat_g": 0}
    own_food(person, "Syrup with a strange label", None, energy_kcal=30, **strange)
    pays(person, "active")
    give_up("password_reset", "invitation")
    own_food(person, "Protein bar", "An Extremely Long Name Of A Brand GmbH & Co. KG", energy_kcal=380)


def requests(shared: list[Food]) -> None:
    """What Demo asked for: one that waits, one that Hanna works on, and one that is done."""
    demo, hanna = (
        db.session.scalars(User.with_email(f"{name}@caloria.example")).one() for name in ("demo", "hanna")
    )
    asked = Asked(
        "Rye crispbread with seeds", "From the mill at the market, in a brown bag.", "04006381333931"
    )
    FoodRequest.create(demo, asked, new_id(), "")
    at_work = FoodRequest.create(demo, Asked(LONG[:100], LONG * 3, None, shared[3]), new_id(), "")
    at_work.take(hanna, None)
    done = FoodRequest.create(demo, Asked("Oat drink"), new_id(), "")
    done.take(hanna, None)
    done.complete(hanna, "It is there as a milk, with its figures from the packet.", shared[5])
    db.session.execute(delete(Job).where(Job.task == "request_ended"))  # nobody sends mail here


def give_up(*tasks: str) -> None:
    """What admins have to look at."""
    for task in tasks:
        Job.put(task)
    said = {"given_up_at": the_time(), "attempts": 7, "last_error": "SMTPServerDisconnected"}
    db.session.execute(update(Job).values(said))
    Job.put("nightly", due_at=the_time() + timedelta(days=1))


def pays(person, status: str, **more) -> None:
    """Let somebody have a subscription, and what was paid for it."""
    now = utc_now()
    said = {"provider": "stripe", "provider_id": f"sub_{person.id}", "customer_id": f"cus_{person.id}"}
    said |= {"price_id": "price_month", "amount_minor": 499, "currency": "EUR", "billed_per": "month"}
    dates = {"started_at": now - timedelta(days=200), "paid_until": now + timedelta(days=12)}
    db.session.add(Subscription(user_id=person.id, id=new_id(), status=status, **said, **dates, **more))
    for number, kind in enumerate(["payment", "failed", *["payment"] * 5, "refund"]):
        paid = {"provider_id": f"in_{person.id} {number}", "invoice_id": f"in_{number}", "kind": kind}
        paid |= {"invoice_number": f"C0000001-{number:04}", "at": now - timedelta(days=18 + 25 * number)}
        paid |= {"amount_minor": 499, "tax_minor": 87 if kind == "payment" else None, "currency": "EUR"}
        db.session.add(Payment(user_id=person.id, provider="stripe", **paid))


def told(person: User) -> None:
    """What the one who takes the money told of somebody, and what became of that."""
    for number, state in enumerate(("failed", "processed", "unmatched")):
        said = {"event_id": f"evt_{number}", "object_id": f"in_{number}", "customer_id": f"cus_{person.id}"}
        said |= {"type": "invoice.payment_failed", "error": "ReadTimeout" if state == "failed" else None}
        dates = {"occurred_at": utc_now() - timedelta(days=number), "livemode": False}
        db.session.add(PaymentEvent(provider="stripe", state=state, attempts=number + 1, **said, **dates))


def nora(shared: list[Food], zone: str) -> None:
    person = Signup("Nora", "nora@caloria.example", PASSWORD, zone).complete()
    pays(person, "past_due", past_due_since=utc_now() - timedelta(days=2))
    day = Day(person, person.today())
    for meal in range(len(day.meals)):
        log(day, meal, shared[10:13])
    log(Day(person, day.date + timedelta(days=1)), 2, shared[13:15])


def sofia(shared: list[Food], zone: str) -> None:
    person = Signup("Sofía", "sofia@caloria.example", PASSWORD, zone).complete()
    person.language = "es"
    Subscription.extend_trial(person, utc_now() - timedelta(days=3))
    day = Day(person, person.today())
    log(day, 0, shared[30:33])
    log(day, 1, shared[33:35], planned=True)


def product_of_open_food_facts() -> None:
    said = {"code": "3017620422003", "product_name": "Hazelnut spread", "brands": "Nutty"}
    said |= {"serving_size": "1 tbsp (15 g)", "last_modified_t": "1700000000"}
    figures = {"energy-kcal": 539, "proteins": 6.3, "fat": 30.9, "carbohydrates": 57.5, "salt": 0.1}
    OpenFood.keep(product(said, figures, left_out=[]))


def main(zone: str) -> None:
    with create_app().app_context():
        shared = foods()
        demo(zone)
        hanna(shared, zone)
        nora(shared, zone)
        sofia(shared, zone)
        requests(shared)
        told(db.session.scalar(User.with_email("nora@caloria.example")))
        db.session.flush()
        count_days()
        product_of_open_food_facts()
        db.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
