"""How many rows PostgreSQL takes, one INSERT each and nothing else: what logging a food is held against."""

import re
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import _postgres
from database import connect

# A day that nobody looks at, and that the app logs nothing into here.
DAY = "2009-01-01"
ROW = "SELECT * FROM entries WHERE food_id IS NOT NULL ORDER BY day, user_id, id LIMIT 1"
UNWANTED = f"DELETE FROM entries WHERE day = '{DAY}'"


class Inserts:
    """pgbench with one statement: an entry as the app writes it, with every column, index and rule."""

    name = "single INSERT"
    pid = page_bytes = gzip_bytes = None
    statements, answered = 1, 0

    def __init__(self, url, stack):
        self.url = url
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.script = self.folder / "insert.sql"
        self.script.write_text(f"{self.statement()};\n")

    def statement(self):
        with closing(connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(ROW)
            row = dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True))
            row["day"] = DAY
            names = [name for name in row if name != "id"]
            given = b", ".join(cursor.mogrify("%s", (row[name],)) for name in names).decode()
        return f"INSERT INTO entries (id, {', '.join(names)}) VALUES (gen_random_uuid(), {given})"

    def load(self, seconds, connections):
        """Run pgbench; return how long each statement took, as bench/client.py says it."""
        seconds = max(1, round(seconds))
        program = _postgres.programs() / "pgbench"
        words = ["-n", "-c", connections, "-j", 2, "-T", seconds, "-f", self.script, "-l"]
        done = subprocess.run(
            [program, *map(str, words), f"--log-prefix={self.folder}/log", self.url],
            capture_output=True,
            text=True,
            check=True,
        )
        rate = float(re.search(r"tps = ([\d.]+)", done.stdout)[1])
        took = [took for file in self.folder.glob("log.*") for took in latencies(file)]
        self.tidy()
        return {"unexpected": {}, "latencies": {"insert": took}, "seconds": len(took) / rate}

    def tidy(self):
        for file in self.folder.glob("log.*"):
            file.unlink()
        with closing(connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(UNWANTED)

    def log_tail(self):
        return ""


def latencies(file):
    """Milliseconds of each transaction that a log of pgbench tells."""
    return [int(line.split()[2]) / 1000 for line in file.read_text().splitlines()]
