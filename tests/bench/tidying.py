"""Whether a benchmark left something behind."""

import time

LEFT = "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'bench_')"


def is_tidy(postgres) -> bool:
    """Whether no database of a benchmark is left, also of one that was stopped and is still tidying up."""
    for _ in range(600):
        if not postgres.run(LEFT):
            return True
        time.sleep(0.1)
    return False
