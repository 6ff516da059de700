"""What people ask for in the morning, as requests to repeat."""

import re
from itertools import cycle, islice

from client import FRESH_ID
from pages import DAY_PAGE, TREND_PAGE, Pages, Request

DAY, SEARCH, LOG, BACK = "day", "search", "log", "look back"
# 70 %, 15 %, 10 % and 5 %, each spread over the others.
ORDER = [DAY, SEARCH, DAY, DAY, LOG, DAY, DAY, SEARCH, DAY, DAY, BACK, DAY, DAY, DAY, LOG, DAY, SEARCH]
ORDER += [DAY] * 3
# What people have typed so far when the page asks: whole words, beginnings, mistakes, more than one.
TYPED = [
    "oat",
    "oats",
    "milk",
    "chick",
    "chicken breast",
    "banana",
    "tomatos",
    "ric",
    "egg",
    "apple",
    "whole bre",
]
# Days of long before, so that the days that are looked at stay as they are.
LOGGED_DAYS = [
    f"20{year}-{month:02}-{day:02}" for year in (10, 11) for month in range(1, 13) for day in range(1, 29)
]


class Morning(Pages):
    """The days of the people who are signed in, and what else they do."""

    def __init__(self, signed_in, environment, foods):
        super().__init__(DAY_PAGE, signed_in, environment)
        self.foods = foods
        self.seen = {person["token"]: self.look(person) for person in signed_in}

    def look(self, person):
        """What a form of the person's says: its token, and one of their meals."""
        page = self.browsers[person["token"]].get(self.path.format(day=person["days"][0])).text
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1]
        return {"csrf_token": token, "meal_id": re.search(r'id="meal-([0-9a-f-]{36})"', page)[1]}

    @property
    def requests(self):
        """The mix, once through all days of all people."""
        typed, foods, logged = cycle(TYPED), cycle(self.foods), cycle(LOGGED_DAYS)
        kinds = cycle(ORDER)
        return [
            getattr(self, kind.replace(" ", "_"))(person, day, next(typed), next(foods), next(logged))
            for person, day in islice(cycle(self.visits), len(self.visits) * len(ORDER))
            for kind in [next(kinds)]
        ]

    @property
    def logs(self):
        """What logs a food, once through all days of all people."""
        foods, logged = cycle(self.foods), cycle(LOGGED_DAYS)
        return [self.log(person, day, "", next(foods), next(logged)) for person, day in self.visits]

    def day(self, person, day, *_):
        return Request(self.path.format(day=day), self.cookie(person), DAY)

    def search(self, person, day, typed, *_):
        path = f"/foods/search?q={typed.replace(' ', '+')}&day={day}"
        return Request(path, self.cookie(person), SEARCH)

    def log(self, person, _day, _typed, food, logged):
        form = {
            **self.seen[person["token"]],
            "id": FRESH_ID,
            "food_id": food,
            "portion_id": "",
            "amount": "50",
        }
        return Request(f"/diary/{logged}/entries", self.cookie(person), LOG, form)

    def look_back(self, person, *_):
        return Request(TREND_PAGE, self.cookie(person), BACK)
