"""What bin/bench does, from an empty database to the tables."""

import argparse
import gzip
import json
import sys
from contextlib import ExitStack, closing

import measure
import report
import tables
from database import Database, connect, environment_on, in_production
from inserts import Inserts
from mix import LOGGED_DAYS, Morning
from pages import DAY_PAGE, MONTH_PAGE, TREND_PAGE, Pages
from servers import bare_page, day_page

NAMES = ("day", "log", "trend", "static")
MOST_STATEMENTS = {"day": 4, "trend": 4, "log": 4}
MOST_DIFFERENCE = 0.01
WARM_UP_SECONDS = 2
COUNTED = 24  # requests whose statements are counted: some days of everybody who is signed in
LOGGING = "logging a food"
ALL_FOODS = 20_000
GROWTH = (1, 10, 100)
FOODS = "SELECT id FROM foods ORDER BY source_id LIMIT 500"
STORED = "SELECT count(*) FROM entries WHERE day BETWEEN %s AND %s"


class Failed(Exception):
    """Why the figures would be worth nothing, in a sentence."""


def arguments(description):
    parser = argparse.ArgumentParser(
        prog="bin/bench", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure ({', '.join(NAMES)})")
    parser.add_argument("--rounds", type=within(int, 1, 20), default=3, help="how often each is measured (3)")
    parser.add_argument("--seconds", type=within(float, 0.1, 60), default=8, help="how long each time (8)")
    parser.add_argument("--connections", type=within(int, 1, 64), default=8, help="asking at once (8)")
    parser.add_argument("--people", type=within(int, 8, 20_000), default=1000, help="who keep a diary (1000)")
    parser.add_argument("--foods", type=within(int, 0, 1_000_000), default=ALL_FOODS, help="foods (20000)")
    parser.add_argument("--path", default=DAY_PAGE, help=f"another page in place of {DAY_PAGE}")
    parser.add_argument("--growth", action="store_true", help="also with 10 and 100 times a tenth of that")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the tables")
    options = parser.parse_args()
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"nothing here is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    options.names = options.names or list(NAMES)
    return options


def within(kind, low, high):
    def number(text):
        if not low <= kind(text) <= high:
            raise argparse.ArgumentTypeError(f"must be from {low} to {high}")
        return kind(text)

    return number


def run(options, server_url):
    """Measure and print; return the exit status."""
    try:
        found = [measured(options, server_url, *size) for size in sizes(options)]
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    finally:
        tell("")
    text = report.grown(found) if options.growth else report.as_text(found[0])
    print(json.dumps(found if options.growth else found[0], indent=2) if options.json else text)
    if options.write:
        tables.write("bin/bench --growth" if options.growth else "bin/bench", text)
    return 0


def sizes(options):
    """How many people, and for how many years the first of them has kept a diary."""
    if not options.growth:
        return [(options.people, 1)]
    tenth = max(8, options.people // 10)
    return [(tenth * times, min(times, 10)) for times in GROWTH]


def measured(options, server_url, people, years):
    with ExitStack() as stack:
        return Trial(options, server_url, people, years, stack).found()


class Trial:
    """The app and what it is held against, on one database."""

    def __init__(self, options, server_url, people, years, stack):
        self.options, self.setting = options, measure.machine()
        tell("making the database")
        self.database = Database(server_url, stack)
        environment = in_production(environment_on(self.database.url))
        self.database.migrate(environment)
        tell(f"seeding {people:,} people")
        counts, self.signed_in = self.database.seed(people, all_foods=options.foods, years=years)
        self.setting |= {**counts, "years": years, "postgresql": self.database.version}
        self.environment = environment
        tell("looking at every page once")
        self.pages = Morning(self.signed_in, environment, self.ask(FOODS))
        self.app = day_page(environment, stack)
        self.bare = bare_page(environment, self.database.url, stack)
        self.inserts = Inserts(self.database.url, stack) if "log" in options.names else None
        self.targets = [target for name in options.names for target in getattr(self, name)()]

    def ask(self, sql, values=()):
        with closing(connect(self.database.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [str(found) for (found,) in cursor.fetchall()]

    def day(self):
        pages = Pages(self.options.path, self.signed_in, self.environment, self.pages.app)
        day = self.page("day page", pages, "day")
        return [day, self.bare_beside(day, "psycopg2 + Jinja, a day", "day")]

    def trend(self):
        month = Pages(MONTH_PAGE, self.signed_in, self.environment, self.pages.app)
        # The first person alone has kept a diary for so long.
        season = Pages(TREND_PAGE, self.signed_in[:1], self.environment, self.pages.app)
        trend = self.page("30-day trend", month, "trend")
        bare = self.bare_beside(trend, "psycopg2 + Jinja, 30 days", "trend")
        return [trend, bare, self.page("90-day trend", season, "trend")]

    def static(self):
        day = self.page("day page", self.pages, "day")
        return [self.bare_beside(day, "static bytes", "bytes", statements=0)]

    def log(self):
        server = self.app.asked_for(LOGGING)
        server.statements = few_statements("log", self.pages, self.pages.logs)
        look_at(server, self.pages.logs)
        self.stored_before = self.stored()
        return [server, self.inserts]

    def page(self, name, pages, kind):
        server = self.app.asked_for(name)
        look_at(server, pages.for_app)
        server.statements = few_statements(kind, pages)
        return server

    def bare_beside(self, server, name, page, statements=1):
        bare = self.bare.asked_for(name)
        look_at(bare, self.pages.for_bare(server.page_bytes, page))
        bare.statements = statements
        require_same_size(server, bare)
        return bare

    def found(self):
        rounds = in_turn(self.targets, self.options, self.database.postmaster)
        targets = {
            server.name: {**measure.summary(server, rounds[server.name]), "statements": server.statements}
            for server in self.targets
        }
        for server in self.targets:
            if server.name == LOGGING:
                self.require_stored(server.answered)
        said = {"rounds": self.options.rounds, "seconds": self.options.seconds}
        return {"setting": {**self.setting, **said}, "targets": targets, "ratios": report.ratios(targets)}

    def stored(self):
        return int(self.ask(STORED, (LOGGED_DAYS[0], LOGGED_DAYS[-1]))[0])

    def require_stored(self, acknowledged):
        """Compare what was acknowledged with what is stored. Raises Failed."""
        stored = self.stored() - self.stored_before
        if stored != acknowledged:
            raise Failed(f"{acknowledged:,} entries were acknowledged, and {stored:,} are stored.")


def look_at(server, requests):
    """Ask for everything once, and note how large the answers are."""
    answers = [server.ask(request) for request in requests]
    wrong = next(
        (one for one, asked in zip(answers, requests, strict=True) if one.status != asked.status), None
    )
    if wrong:
        raise Failed(f"The {server.name} answered {wrong.status} to {wrong.asked}.\n{server.log_tail()}")
    typical = sorted((answer.body for answer in answers), key=len)[len(answers) // 2]
    server.requests = requests
    server.page_bytes, server.gzip_bytes = len(typical), len(gzip.compress(typical, 6))


def few_statements(kind, pages, requests=None):
    statements = pages.most_statements((requests or pages.for_app)[:COUNTED])
    if statements > MOST_STATEMENTS[kind]:
        raise Failed(f"The {kind} takes {statements} statements, more than {MOST_STATEMENTS[kind]}.")
    return statements


def require_same_size(day, bare):
    if abs(bare.page_bytes - day.page_bytes) > MOST_DIFFERENCE * day.page_bytes:
        raise Failed(f"The pages are not alike: {day.page_bytes} and {bare.page_bytes} bytes.")


def in_turn(servers, options, postmaster):
    """Load each server in every round, in the other order every other round."""
    rounds = {server.name: [] for server in servers}
    for server in servers:
        tell(f"warming up the {server.name}")
        load(server, min(options.seconds, WARM_UP_SECONDS), options, postmaster)
    for number in range(options.rounds):
        for server in servers[:: -1 if number % 2 else 1]:
            tell(f"round {number + 1} of {options.rounds}: the {server.name}")
            rounds[server.name].append(load(server, options.seconds, options, postmaster))
    return rounds


def load(server, seconds, options, postmaster):
    found = measure.phase(server, seconds, options.connections, postmaster)
    if found["unexpected"] or len(measure.latencies(found)) < 2:
        raise Failed(f"The {server.name} failed under load: {found['unexpected']}.\n{server.log_tail()}")
    server.answered += len(measure.latencies(found))
    return found


def tell(sentence):
    """Say on a terminal what goes on, in a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{sentence}", end="", file=sys.stderr, flush=True)
