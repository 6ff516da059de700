"""What bench/food_search does, from an empty database to the tables."""

import argparse
import json
import os
import re
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import quantiles

import _setup
import many_foods
import measure
import searched
import tables
from benchmark import tell, within
from database import Database, connect, environment_on
from sqlalchemy import event, text

OURS = "Caloria"
READ = """
SELECT pg_prewarm(oid::regclass, 'read') FROM pg_class
WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace
"""
EMAIL = "ann@example.org"
FOODS_OF_ONES_OWN, LOGGED = 50, 60
MOST_STATEMENTS = {"misspelt": 3}
FEWEST_FORGIVEN = 0.95
# What others do, and how many of the texts they are asked for: some take seconds.
OTHERS = {
    "ILIKE": (
        "SELECT id, name FROM foods WHERE {all} ORDER BY popularity DESC, id LIMIT 30",
        "name ILIKE %s",
        2,
    ),
    "ILIKE, trigram index": (
        "SELECT id, name FROM foods WHERE {all} ORDER BY popularity + 0 DESC, id LIMIT 30",
        "name || '' ILIKE %s",
        40,
    ),
    "word similarity, trigram index": (
        "SELECT id, name FROM foods WHERE {all} ORDER BY word_similarity(%s, name || '') DESC, id LIMIT 30",
        "%s <%% (name || '')",
        2,
    ),
}


def arguments(description):
    parser = argparse.ArgumentParser(
        prog="bench/food_search",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    foods = within(int, 5_000, 10_000_000)
    parser.add_argument("--foods", type=foods, default=3_000_000, help="in the table (3000000)")
    products = within(int, 0, 10_000_000)
    parser.add_argument("--products", type=products, default=1_000_000, help="of Open Food Facts (1000000)")
    parser.add_argument("--rounds", type=within(int, 1, 20), default=3, help="how often all is asked (3)")
    parser.add_argument("--only-ours", action="store_true", help="ask Caloria alone")
    parser.add_argument("--ahead", action="store_true", help="go before other programs, as root may")
    parser.add_argument("--database", type=kept, help="keep the foods in a database of this name, bench_...")
    texts = within(int, 10, many_foods.OF_CLASS)
    parser.add_argument("--texts", type=texts, default=many_foods.OF_CLASS, help="of each kind (100)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the tables")
    return parser.parse_args()


def kept(name):
    """The name of a database that is no other program's."""
    if not re.fullmatch("bench_[a-z0-9_]+", name):
        raise argparse.ArgumentTypeError("must be bench_ and small letters, digits or _")
    return name


def run(options, server_url):
    """Measure and print; return the exit status."""
    try:
        with ExitStack() as stack:
            found = compare(options, server_url, stack)
    finally:
        tell("")
    print(json.dumps(found, indent=2) if options.json else searched.as_text(found))
    if options.write:
        tables.write("bench/food_search", searched.as_text(found))
    problems = list(wrong(found["ways"][OURS]))
    print("\n".join(problems), file=sys.stderr) if problems else None
    return 1 if problems else 0


def wrong(ours):
    for kind, of in ours.items():
        if of["statements"] > MOST_STATEMENTS.get(kind, 2):
            yield f"A search for what is {kind} took {of['statements']} statements."
    if ours["misspelt"]["found"] < FEWEST_FORGIVEN:
        yield f"Of what was misspelt, {ours['misspelt']['found']:.0%} was found."


def compare(options, server_url, stack):
    setting = measure.machine()
    database = Database(server_url, stack, name=options.database)
    environment = environment_on(database.url)
    made = json.loads(database.note or "null") or make(database, environment, options)
    ours = stack.enter_context(searching(environment))
    with closing(connect(database.url)) as connection, connection.cursor() as cursor:
        indexes = made["indexes"] if options.only_ours else made["indexes"] | others_built(database, cursor)
        others = {} if options.only_ours else {name: Other(cursor, *of) for name, of in OTHERS.items()}
        tell("reading everything into memory")
        read_into_memory(database)
        if options.ahead:
            go_ahead(ours.meter.pid, cursor.connection.info.backend_pid)
        queries = many_foods.queries(cursor, made["foods"])
        typed = {kind: texts[: options.texts] for kind, texts in queries.items()}
        taken = in_turn({OURS: ours, **others}, typed, options.rounds)
    setting |= {"rounds": options.rounds, "ahead": options.ahead, "postgresql": database.version}
    return {"setting": setting | made, "ways": taken, "indexes": indexes}


def read_into_memory(database):
    """As it is on a server that has been searched for a while."""
    with closing(connect(database.superuser_url)) as connection, connection.cursor() as superuser:
        superuser.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        superuser.execute(READ)


def go_ahead(*servers):
    """Let these processes of PostgreSQL, and this one, which waits for them, go before all others."""
    for pid in (0, *servers):
        os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))


def make(database, environment, options):
    """Fill a database as imports do; note, and return, what is in it and how long that took."""
    tell("making the database")
    database.migrate(environment)
    with closing(connect(database.url)) as connection, connection.cursor() as cursor:
        built, stored = many_foods.fill(cursor, options.foods, options.products, tell)
        made = {"foods": options.foods, "products": options.products, "stored_per_second": stored}
        made |= learn(environment)
        tell("tidying up")
        cursor.execute("VACUUM (ANALYZE) foods, open_foods, food_words, entries")
        made["table_mb"] = many_foods.megabytes(cursor, "foods")
        made["indexes"] = ours_built(cursor, built | {"food_words": made["words_seconds"]})
    database.take_note(json.dumps(made))
    return made


def ours_built(cursor, built):
    """How large the indexes are, and how long they took to build."""
    for index in many_foods.INDEXES:
        if index not in built:
            definition = many_foods.definition_of(cursor, index)
            cursor.execute(f"DROP INDEX {index}")
            built[index] = many_foods.build(cursor, definition)
    found = {
        f"{index} ({what})": {"mb": many_foods.megabytes(cursor, index), "seconds": built[index]}
        for index, what in many_foods.INDEXES.items()
    }
    words = many_foods.megabytes(cursor, "food_words") + many_foods.megabytes(cursor, "pk_food_words")
    return {**found, "food_words, its table and key": {"mb": words, "seconds": built["food_words"]}}


def others_built(database, cursor):
    with closing(connect(database.superuser_url)) as connection, connection.cursor() as superuser:
        superuser.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    found = {}
    for index, definition in many_foods.PLAIN.items():
        tell(f"building {index}")
        cursor.execute(f"DROP INDEX IF EXISTS {index}")
        seconds = many_foods.build(cursor, definition)
        found[f"{index}, for the others"] = {"mb": many_foods.megabytes(cursor, index), "seconds": seconds}
    cursor.execute("ANALYZE foods")
    return found


def in_turn(ways, typed, rounds):
    """Ask for everything in every way in every round, in the other order every other round."""
    taken = {name: {kind: [] for kind in typed} for name in ways}
    for way in ways.values():
        for texts in typed.values():
            way.find(texts[0][0])
    for number in range(rounds):
        for name in list(ways)[:: -1 if number % 2 else 1]:
            for kind, texts in typed.items():
                tell(f"round {number + 1} of {rounds}: {name}, {kind}")
                taken[name][kind] += [asked(ways[name], *text) for text in texts[: ways[name].most]]
    return {name: {kind: summary(of) for kind, of in kinds.items()} for name, kinds in taken.items()}


def asked(way, typed, meant):
    """What a search cost, and whether it found what was meant."""
    way.meter.read()
    names = way.find(typed)
    cost = way.meter.read()
    # But for its ending: berries are found as a berry.
    words = [word[: max(4, len(word) - 3)] for word in meant.split()]
    return cost | {"found": any(all(word in name.lower() for word in words) for name in names)}


def summary(searches):
    def cuts(name):
        figures = [each[name] for each in searches if each[name] is not None]
        if len(figures) < 2:
            return None, None
        percents = quantiles(figures, n=100, method="inclusive")
        return percents[49], percents[98]

    ms, cpu = cuts("ms"), cuts("cpu_ms")
    return {
        "searches": len(searches),
        "p50_ms": ms[0],
        "p99_ms": ms[1],
        "p50_cpu_ms": cpu[0],
        "p99_cpu_ms": cpu[1],
        "statements": max(each["statements"] for each in searches),
        "found": sum(each["found"] for each in searches) / len(searches),
    }


class Meter:
    """What one connection's server process did since it was read last."""

    def __init__(self, pid):
        self.pid, self.path = pid, Path(f"/proc/{pid}/schedstat")
        self.waited, self.statements, self.worked = 0.0, 0, self.on_cpu()

    def on_cpu(self):
        """Milliseconds on a processor, as the kernel of this machine counts them; None where it does not."""
        try:
            return int(self.path.read_text().split()[0]) / 1e6
        except OSError:
            return None

    def note(self, seconds):
        self.waited, self.statements = self.waited + seconds * 1000, self.statements + 1

    def read(self):
        now = self.on_cpu()
        cpu = None if now is None else now - self.worked
        done = {"ms": self.waited, "cpu_ms": cpu, "statements": self.statements}
        self.waited, self.statements, self.worked = 0.0, 0, now
        return done


class Other:
    """One statement of another way to search, over a connection of its own."""

    def __init__(self, cursor, sql, condition, most):
        self.cursor, self.sql, self.condition, self.most = cursor, sql, condition, most
        self.meter = Meter(cursor.connection.info.backend_pid)

    def find(self, typed):
        words = [typed] if "<%" in self.condition else [f"%{word}%" for word in typed.split()]
        sql = self.sql.format(all=" AND ".join([self.condition] * len(words)))
        began = time.monotonic()
        self.cursor.execute(sql, words + [typed] * (sql.count("%s") - len(words)))
        self.meter.note(time.monotonic() - began)
        return [name for _id, name in self.cursor.fetchall()]


class Ours:
    """The app's own search, products too, by somebody who keeps a diary and has foods of their own."""

    most = many_foods.OF_CLASS

    def __init__(self, person, engine, session):
        from caloria.models import FoodSearch

        self.search, self.session = FoodSearch(person, products=True), session
        self.meter = Meter(session.execute(text("SELECT pg_backend_pid()")).scalar())
        event.listen(engine, "before_cursor_execute", self.begin)
        event.listen(engine, "after_cursor_execute", self.end)

    def begin(self, _connection, _cursor, _statement, _parameters, context, _many):
        context.began = time.monotonic()

    def end(self, _connection, _cursor, _statement, _parameters, context, _many):
        self.meter.note(time.monotonic() - context.began)

    def find(self, typed):
        names = [food.folded_name for food in self.search.find(typed)]
        self.session.expunge_all()
        return names


def learn(environment):
    """Sort the foods and learn their words as an import does; return how long it took. Somebody signs up."""
    from caloria.models import FoodTier, FoodWord

    taken = {}
    with the_app(environment) as db:
        for step, act in (("sort_seconds", FoodTier.sort), ("words_seconds", FoodWord.know_shared)):
            tell(step)
            began = time.monotonic()
            act()
            db.session.commit()
            taken[step] = time.monotonic() - began
        somebody(db)
    return taken


@contextmanager
def the_app(environment):
    from caloria import create_app
    from caloria.extensions import db
    from config import Config

    with create_app(Config.load(environment, _setup.ROOT)).app_context():
        yield db
        db.session.remove()
        db.engine.dispose()


@contextmanager
def searching(environment):
    """Hand over somebody who searches."""
    from caloria.models import User

    with the_app(environment) as db:
        person = db.session.scalars(db.select(User).where(User.email == EMAIL)).one()
        yield Ours(person, db.engine, db.session)


def somebody(db):
    """A person with foods of their own, who logged many of everybody's."""
    from caloria.models import Day, Food, FoodSearch, Signup
    from caloria.models.ids import new_id

    person = Signup("Ann", EMAIL, "a long enough password", "UTC").complete()
    db.session.flush()
    for number in range(FOODS_OF_ONES_OWN):
        food = Food(
            owner_id=person.id, source="own", source_id=f"own {number}", carbohydrate_basis="available"
        )
        food.rename(f"Soup of mine {number}")
        db.session.add(food)
    db.session.commit()
    day = Day(person, person.today())
    for food in FoodSearch(person).find("cheese", LOGGED // 2) + FoodSearch(person).find("raw", LOGGED // 2):
        day.log(food, food.usual_portion, 1, day.meals[0].meal, new_id(), "bench")
    db.session.commit()
