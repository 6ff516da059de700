"""What bench/day_page does, from an empty database to the table."""

import argparse
import gzip
import sys
from contextlib import ExitStack

import measure
import report
from database import Database, environment_on
from pages import DAY_PAGE, TREND_PAGE, Pages
from servers import bare_page, day_page, trend_page

MOST_STATEMENTS = 5
MOST_DIFFERENCE = 0.01
WARM_UP_SECONDS = 2


class Failed(Exception):
    """Why the figures would be worth nothing, in a sentence."""


def arguments(description):
    parser = argparse.ArgumentParser(
        prog="bench/day_page", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=within(int, 1, 20), default=3, help="how often each is measured (3)")
    parser.add_argument("--seconds", type=within(float, 0.1, 60), default=8, help="how long each time (8)")
    parser.add_argument("--connections", type=within(int, 1, 64), default=8, help="asking at once (8)")
    parser.add_argument("--people", type=within(int, 8, 20_000), default=1000, help="who keep a diary (1000)")
    parser.add_argument("--path", default=DAY_PAGE, help=f"another page to measure ({DAY_PAGE})")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    return parser.parse_args()


def within(kind, low, high):
    def number(text):
        if not low <= kind(text) <= high:
            raise argparse.ArgumentTypeError(f"must be from {low} to {high}")
        return kind(text)

    return number


def run(options, server_url):
    """Measure and print; return the exit status."""
    try:
        with ExitStack() as stack:
            setting, targets = compare(options, server_url, stack)
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    finally:
        tell("")
    print(report.as_json(setting, targets) if options.json else report.as_table(setting, targets))
    return 0


def compare(options, server_url, stack):
    setting = measure.machine()
    tell("making the database")
    database = Database(server_url, stack)
    environment = environment_on(database.url)
    database.migrate(environment)
    tell(f"seeding {options.people:,} people")
    counts, signed_in = database.seed(options.people)
    tell("looking at every page once")
    pages = Pages(options.path, signed_in, environment)
    day = day_page(environment, stack)
    look_at(day, pages.for_app)
    statements = few_statements(pages)
    # The first person alone has kept a diary for so long.
    trends = Pages(TREND_PAGE, signed_in[:1], environment)
    trend = trend_page(environment, stack)
    look_at(trend, trends.for_app)
    bare = bare_page(environment, database.url, day.page_bytes, stack)
    look_at(bare, pages.for_bare)
    require_same_size(day, bare)
    servers = [day, trend, bare]
    rounds = in_turn(servers, options, database.postmaster)
    targets = {server.name: measure.summary(server, rounds[server.name]) for server in servers}
    for server, number in zip(servers, (statements, few_statements(trends), 1), strict=True):
        targets[server.name]["statements"] = number
    return {**counts, **setting, "postgresql": database.version}, targets


def look_at(server, requests):
    """Ask for every page once, and note how large they are."""
    answers = [server.ask(request) for request in requests]
    wrong = next((answer for answer in answers if answer.status != 200), None)
    if wrong:
        raise Failed(f"The {server.name} answered {wrong.status} to {wrong.asked}.\n{server.log_tail()}")
    typical = sorted((answer.body for answer in answers), key=len)[len(answers) // 2]
    server.requests = requests
    server.page_bytes, server.gzip_bytes = len(typical), len(gzip.compress(typical, 6))


def few_statements(pages):
    statements = pages.most_statements()
    if statements > MOST_STATEMENTS:
        raise Failed(f"{pages.path} takes {statements} statements, more than {MOST_STATEMENTS}.")
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
    return found


def tell(sentence):
    """Say on a terminal what goes on, in a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{sentence}", end="", file=sys.stderr, flush=True)
