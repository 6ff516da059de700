"""A demo person with months of diary, the same on every machine."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from caloria.extensions import db
from caloria.models import Body, EmailTaken, Entry, Food, Meal, Signup, Target, User, Weight
from caloria.models.body import propose
from caloria.models.food import USDA
from caloria.models.ids import new_id

EMAIL = "demo@caloria.example"
PASSWORD = "four-meals-a-day"  # noqa: S105  it is printed, and the account holds nothing
DAYS = 120
SKIPPED = 0.04
WEIGHED = 0.6
START_KG, LOSS_KG_PER_DAY, SCALE_NOISE_KG = 78.0, 0.04, 0.5

# What is eaten at each meal: foods by name, with the amounts of their first portion they vary over.
HABITS: dict[str, list[tuple[str, tuple[float, ...]]]] = {
    "Breakfast": [
        ("Rolled oats, dry", (0.5, 0.75)),
        ("Milk, reduced fat (2%)", (0.5, 1)),
        ("Banana, raw", (1,)),
        ("Coffee, brewed, black", (1, 2)),
        ("Egg, hard-boiled", (1, 2)),
        ("Whole wheat bread", (1, 2)),
    ],
    "Lunch": [
        ("Chicken breast, roasted, without skin", (0.5, 1)),
        ("White rice, long grain, cooked, without salt", (1, 1.5)),
        ("Broccoli, boiled", (1,)),
        ("Lentils, boiled", (1,)),
        ("Tomato, red, raw", (1, 2)),
        ("Olive oil", (1,)),
    ],
    "Dinner": [
        ("Pasta, cooked, without salt", (1, 1.5)),
        ("Salmon, Atlantic, farmed, baked or grilled", (1,)),
        ("Potato, boiled, without skin", (1, 2)),
        ("Cheddar cheese", (1,)),
        ("Lettuce, romaine, raw", (1, 2)),
        ("Olive oil", (1,)),
    ],
    "Snacks": [
        ("Apple, raw, with skin", (1,)),
        ("Almonds", (1,)),
        ("Dark chocolate, 70-85% cocoa", (1,)),
        ("Orange, raw", (1,)),
    ],
}
FEWEST, MOST = 3, 5
Habits = dict[str, list[tuple[Food, tuple[float, ...]]]]


class DemoRefused(Exception):
    """Why there is no demo, in a sentence."""


def find_habits() -> Habits:
    """The foods of each meal with the amounts they vary over. Raises DemoRefused where some are missing."""
    names = {name for meal in HABITS.values() for name, _ in meal}
    shipped = select(Food).where(Food.source == USDA, Food.name.in_(names))
    foods = {food.name: food for food in db.session.scalars(shipped)}
    if missing := names - foods.keys():
        raise DemoRefused(f"{len(missing)} of its foods are missing. Run: flask foods import starter")
    return {meal: [(foods[name], amounts) for name, amounts in habits] for meal, habits in HABITS.items()}


def create_person() -> User:
    """Make the demo person with a body and a first target. Raises DemoRefused; commits nothing."""
    try:
        person = Signup("Demo", EMAIL, PASSWORD, "UTC").complete()
    except EmailTaken:
        raise DemoRefused(f"The demo person is here already. Sign in as {EMAIL}.") from None
    Body.tell(person.id, height_cm=172, birth_year=1990, sex="female", activity="moderate", aim="lose")
    _aim(person, days_of(person)[0])
    return person


def days_of(person: User) -> list[date]:
    """The days that the demo covers, the last of them today."""
    return [person.today() - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def log_days(person: User, habits: Habits, days: Iterable[date]) -> int:
    """Log every day, with a weight now and then; commit. Returns how many entries there are."""
    chance = Random(2026)  # noqa: S311  the same demo on every machine
    meals = db.session.scalars(select(Meal).where(Meal.user_id == person.id).order_by(Meal.position)).all()
    logged = 0
    for number, day in enumerate(days):
        if chance.random() < WEIGHED:
            _weigh(person, day, START_KG - number * LOSS_KG_PER_DAY + chance.gauss(0, SCALE_NOISE_KG))
        if chance.random() >= SKIPPED:
            entries = [entry for meal in meals for entry in _eaten(day, meal, habits[meal.name], chance)]
            db.session.add_all(entries)
            logged += len(entries)
    db.session.commit()
    return logged


def _aim(person: User, day: date) -> None:
    proposal = propose(db.session.get_one(Body, person.id), START_KG, day.year)
    names = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "fiber_g")
    amounts = {name: round(getattr(proposal, name)) for name in names}
    Target.set(person, day, amounts, new_id(), "")


def _weigh(person: User, day: date, weight_kg: float) -> None:
    db.session.add(Weight(user_id=person.id, id=new_id(), day=day, weight_kg=round(weight_kg, 1)))


def _eaten(day: date, meal: Meal, habits: list, chance: Random) -> list[Entry]:
    chosen = chance.sample(habits, k=chance.randint(FEWEST, min(MOST, len(habits))))
    return [_entry(day, meal, food, chance.choice(amounts)) for food, amounts in chosen]


def _entry(day: date, meal: Meal, food: Food, amount: float) -> Entry:
    entry = Entry(user_id=meal.user_id, id=new_id(), day=day, meal_id=meal.id)
    entry.serve(food, food.usual_portion, amount)
    return entry
