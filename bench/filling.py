"""Fills a migrated SQLite file with people who keep a diary, by a fixed rule: the same rows every time.

    python bench/filling.py FILE ROWS PEOPLE

A program of its own, so that its memory is not counted to whatever is measured. It writes with the standard
library alone, and leaves foreign keys to whoever moves the file.
"""

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count, islice
from random import Random

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ENTRIES_A_DAY = 12
ROWS_OF_A_FOOD = 1_000  # in all, for each food that all share
NUTRIENTS_FROM, NUTRIENTS_TO = "energy_kcal", "caffeine_mg"
ON_A_LABEL = 7
MEALS = (("Breakfast", 4), ("Lunch", 11), ("Dinner", 17), ("Snacks", 15))
FIRST_WORDS = ("Açaí", "Barley", "“Best” crème", "Lentil", "Oat", "Olive\\ed", "Rye", "Tomato", "Walnut")
LAST_WORDS = (
    "bread, toasted",
    "drink",
    "with\ttabs",
    "salad (small)",
    "soup; 50% water",
    "stew",
    "à la crème",
)
chance = Random(20_260_101)


def new_id(moment):
    """Time-ordered, as the app's own."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    digits = f"{chance.getrandbits(72):018x}"
    return f"{milliseconds:012x}7{digits[:3]}8{digits[3:]}"


def written(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


class Filling:
    def __init__(self, connection, rows, people):
        self.connection, self.people = connection, people
        self.rows, self.foods = rows, max(10, rows // ROWS_OF_A_FOOD)
        names = self.columns("foods")
        self.nutrients = names[names.index(NUTRIENTS_FROM) : names.index(NUTRIENTS_TO) + 1]

    def columns(self, table):
        return [row[1] for row in self.connection.execute(f"PRAGMA table_info({table})")]

    def insert(self, table, names, rows):
        places = ", ".join("?" * len(names))
        self.connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)

    def run(self):
        self.catalogue = [new_id(FIRST_DAY) for _ in range(self.foods)]
        self.users = [new_id(FIRST_DAY) for _ in range(self.people)]
        self.meals = [[new_id(FIRST_DAY) for _ in MEALS] for _ in self.users]
        self.insert_foods()
        self.insert_people()
        self.insert_entries(self.rows - self.already())

    def already(self):
        tables = ("foods", "portions", "users", "meals", "targets", "weights", "audit_events")
        return sum(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)

    def insert_foods(self):
        names = ["id", "owner_id", "source", "source_id", "name", "folded_name", "carbohydrate_basis"]
        names += ["created_at", "updated_at", "names", "everyday", *self.nutrients]
        now = written(FIRST_DAY)
        shared = [(food, None, "usda", str(number)) for number, food in enumerate(self.catalogue)]
        own = [(new_id(FIRST_DAY), person, "own", person) for person in self.users]
        self.insert(
            "foods",
            names,
            (
                (
                    *food,
                    name,
                    name.lower(),
                    "by_difference",
                    now,
                    now,
                    '{"es": "\\u00e1"}',
                    number % 10,
                    *amounts,
                )
                for number, food in enumerate([*shared, *own])
                for name, amounts in [self.food(number)]
            ),
        )
        portions = ["id", "food_id", "position", "amount", "unit", "gram_weight"]
        rows = ((new_id(FIRST_DAY), food, 1, 1.0, "cup, chopped", 91.3) for food in self.catalogue)
        self.insert("portions", portions, rows)

    @cache  # noqa: B019  there is one filling, and it ends with the program
    def food(self, number):
        """A name, and what 100 g hold: of every other food what a label says, else what a laboratory does."""
        mine = Random(number)
        name = f"{mine.choice(FIRST_WORDS)} {mine.choice(LAST_WORDS)} {number}"
        known = ON_A_LABEL if number % 2 else len(self.nutrients)
        amounts = [None if mine.random() < 0.1 else round(mine.random() * 90, 3) for _ in range(known)]
        return name, amounts + [None] * (len(self.nutrients) - known)

    def insert_people(self):
        now = written(FIRST_DAY)
        users = ["id", "email", "email_key", "name", "password_hash", "time_zone", "day_starts_at", "units"]
        users += ["is_admin", "active", "created_at"]
        usual = ("Europe/Madrid", "00:00:00.000000", "metric", 0, 1, now)
        self.insert(
            "users",
            users,
            (
                (user, f"Zoë{n}@Example.org", f"zoë{n}@example.org", f"Zoë “{n}”", "nobody knows it", *usual)
                for n, user in enumerate(self.users)
            ),
        )
        self.insert(
            "meals",
            ["user_id", "id", "position", "name", "usual_from"],
            (
                (user, meals[place], place + 1, name, f"{hour:02}:00:00.000000")
                for user, meals in zip(self.users, self.meals, strict=True)
                for place, (name, hour) in enumerate(MEALS)
            ),
        )
        targets = ["user_id", "id", "starts_on", "energy_kcal", "protein_g", "created_at"]
        weights = ["user_id", "id", "day", "weight_kg", "created_at"]
        for table, names, amounts in (("targets", targets, (2000.0, 90.5)), ("weights", weights, (71.3,))):
            rows = ((user, new_id(FIRST_DAY), "2026-01-01", *amounts, now) for user in self.users)
            self.insert(table, names, rows)

    def insert_entries(self, entries):
        names = ["user_id", "id", "day", "eaten_at", "meal_id", "food_id", "name", "portion_amount"]
        names += ["portion_unit", "gram_weight", "created_at", "updated_at", "deleted_at", "planned"]
        self.insert("entries", names + self.nutrients, islice(self.entries(), entries))

    def entries(self):
        """In the order in which they were logged: each day of everybody, one after the other."""
        for day in count():
            date = FIRST_DAY + timedelta(days=day)
            for person in range(self.people):
                for nth in range(ENTRIES_A_DAY):
                    yield self.entry(person, date, day, nth)

    def entry(self, person, date, day, nth):
        moment = date + timedelta(hours=6 + nth, seconds=person % 3600, microseconds=person * 7 % 1_000_000)
        food = (person * 7 + nth * 5 + day * (nth % 3)) % self.foods
        said, clock = written(moment), f"{6 + nth:02}:{person % 60:02}:00.000000"
        gone = said if (person + nth) % 50 == 0 else None
        name, grams, amounts = self.eaten(food, 1 + nth % 3)
        whose = (self.users[person], new_id(moment), said[:10], clock, self.meals[person][nth // 3])
        what = (self.catalogue[food], name, grams / 91.3, "cup, chopped", grams)
        return (*whose, *what, said, said, gone, 0, *amounts)

    @cache  # noqa: B019
    def eaten(self, food, halves):
        name, amounts = self.food(food)
        grams = 45.65 * halves
        return name, grams, tuple(None if each is None else each * grams / 100 for each in amounts)


def main(file, rows, people):
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("BEGIN")
        Filling(connection, rows, people).run()
        connection.execute("COMMIT")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
