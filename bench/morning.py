"""What bench/load does, from an empty database to the tables."""

import argparse
import json
import sys
from contextlib import ExitStack, closing
from statistics import median, quantiles

import measure
import mornings
import tables
from benchmark import Failed, look_at, tell, within
from database import Database, connect, environment_on
from mix import DAY, LOG, LOGGED_DAYS, Morning
from servers import bare_page, day_page

CONNECTIONS = (1, 8, 32, 128)
CONNECTIONS_OF_THE_SOAK = 8
MINUTE = 60
LOGGED = "SELECT count(*) FROM entries WHERE day BETWEEN %s AND %s"


def arguments(description):
    parser = argparse.ArgumentParser(
        prog="bench/load", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=within(int, 1, 9), default=2, help="how often each is measured (2)")
    parser.add_argument("--seconds", type=within(float, 0.1, 60), default=10, help="how long each time (10)")
    parser.add_argument("--soak", type=within(int, 0, 120), default=10, help="minutes on end (10)")
    parser.add_argument("--people", type=within(int, 8, 20_000), default=1000, help="who keep a diary (1000)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the tables")
    return parser.parse_args()


def run(options, server_url):
    """Measure and print; return the exit status."""
    try:
        with ExitStack() as stack:
            found = Trial(options, server_url, stack).found()
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    finally:
        tell("")
    print(json.dumps(found, indent=2) if options.json else mornings.as_text(found))
    if options.write:
        tables.write("bench/load", mornings.as_text(found))
    return 0


class Trial:
    """The app and the bare page, served alike from one database, and what both were asked for."""

    def __init__(self, options, server_url, stack):
        self.options, self.setting = options, measure.machine()
        tell("making the database")
        self.database = Database(server_url, stack)
        environment = environment_on(self.database.url)
        self.database.migrate(environment)
        tell(f"seeding {options.people:,} people")
        counts, signed_in = self.database.seed(options.people)
        self.setting |= {**counts, "postgresql": self.database.version}
        morning = Morning(signed_in, environment, self.foods())
        self.app = day_page(environment, stack)
        look_at(self.app, morning.for_app)
        self.app.requests = morning.requests
        self.bare = bare_page(environment, self.database.url, stack)
        look_at(self.bare, morning.for_bare(self.app.page_bytes))
        self.acknowledged = 0

    def foods(self):
        return [str(found) for (found,) in self.ask("SELECT id FROM foods ORDER BY source_id LIMIT 500")]

    def ask(self, sql, values=()):
        with closing(connect(self.database.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    def found(self):
        for server in (self.bare, self.app):
            tell(f"warming up the {server.name}")
            self.load(server, min(self.options.seconds, 5), CONNECTIONS_OF_THE_SOAK)
        levels = [self.level(connections) for connections in CONNECTIONS]
        minutes = [self.minute(number) for number in range(1, self.options.soak + 1)]
        return {
            "setting": {**self.setting, "rounds": self.options.rounds, "seconds": self.options.seconds},
            "levels": levels,
            "minutes": minutes,
            "acknowledged": self.require_stored(),
        }

    def load(self, server, seconds, connections):
        """Load a server. Raises Failed where an answer was not what it should be."""
        found = measure.phase(server, seconds, connections, self.database.postmaster)
        if found["unexpected"] or len(measure.latencies(found)) < 2:
            raise Failed(f"The {server.name} failed under load: {found['unexpected']}.\n{server.log_tail()}")
        self.acknowledged += len(found["latencies"].get(LOG, []))
        return found

    def level(self, connections):
        """The mix and the bare page with so many connections, in turn."""
        rounds = {self.app: [], self.bare: []}
        for number in range(self.options.rounds):
            for server in [self.app, self.bare][:: -1 if number % 2 else 1]:
                tell(f"{connections} connections, round {number + 1}: the {server.name}")
                rounds[server].append(self.load(server, self.options.seconds, connections))
        return {
            "connections": connections,
            "app": measure.summary(self.app, rounds[self.app]),
            "bare": measure.summary(self.bare, rounds[self.bare]),
            "kinds": {kind: of_kind(kind, rounds[self.app]) for kind in rounds[self.app][0]["latencies"]},
        }

    def minute(self, number):
        """One minute of the soak, and what the app holds after it."""
        tell(f"minute {number} of {self.options.soak}")
        found = self.load(self.app, MINUTE, CONNECTIONS_OF_THE_SOAK)
        (connections,) = self.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")[
            0
        ]
        return {
            "minute": number,
            "requests_per_second": len(measure.latencies(found)) / found["seconds"],
            "app_cpu_ms": found["app_cpu_ms"],
            **{f"day_{name}": value for name, value in of_kind(DAY, [found]).items()},
            "worker_mb": measure.worker_mb(self.app),
            "database_connections": connections - 1,
        }

    def require_stored(self):
        """Compare what was acknowledged with what is stored. Raises Failed."""
        ((stored,),) = self.ask(LOGGED, (LOGGED_DAYS[0], LOGGED_DAYS[-1]))
        if stored != self.acknowledged:
            raise Failed(f"{self.acknowledged:,} entries were acknowledged, and {stored:,} are stored.")
        return stored


def of_kind(kind, rounds):
    """The middle of the rounds: how long half of the answers took at most, and 99 of 100."""
    cuts = [
        quantiles(found["latencies"][kind], n=100) for found in rounds if len(found["latencies"][kind]) > 1
    ]
    middle = {"p50_ms": 49, "p99_ms": 98}
    return {name: median(cut[at] for cut in cuts) if cuts else None for name, at in middle.items()}
