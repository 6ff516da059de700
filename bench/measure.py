"""One server under load for some seconds, and what came of several such phases."""

import os
import platform
from itertools import chain
from statistics import median, quantiles

import processes


def phase(server, seconds, connections, postmaster):
    """Load a server; return the client's findings and what the server and PostgreSQL paid for it."""
    watched = {"app_cpu_ms": server.pid, "postgresql_cpu_ms": postmaster}
    before = {name: processes.cpu_ms(pid) for name, pid in watched.items()}
    found = server.load(seconds, connections)
    paid = {name: since(before[name], processes.cpu_ms(pid)) for name, pid in watched.items()}
    answers = len(latencies(found)) or 1
    return found | {name: None if cpu is None else cpu / answers for name, cpu in paid.items()}


def since(before, after):
    return None if before is None or after is None else after - before


def latencies(found):
    """How long all answers took, of whatever kind."""
    return list(chain(*found["latencies"].values()))


def summary(server, rounds):
    """The figures of a server: medians over the rounds, some of which other programs disturb."""
    rates = [len(latencies(found)) / found["seconds"] for found in rounds]
    percentiles = [quantiles(latencies(found), n=100) for found in rounds]
    return {
        "requests": sum(len(latencies(found)) for found in rounds),
        "requests_per_second": median(rates),
        "slowest_round": min(rates),
        "fastest_round": max(rates),
        "p50_ms": median(cut[49] for cut in percentiles),
        "p99_ms": median(cut[98] for cut in percentiles),
        "app_cpu_ms": middle(found["app_cpu_ms"] for found in rounds),
        "postgresql_cpu_ms": middle(found["postgresql_cpu_ms"] for found in rounds),
        "bytes": server.page_bytes,
        "gzip_bytes": server.gzip_bytes,
        "worker_mb": worker_mb(server),
    }


def worker_mb(server):
    return middle(processes.resident_mb(pid) for pid in processes.children(server.pid))


def middle(figures):
    known = [figure for figure in figures if figure is not None]
    return median(known) if known else None


def machine():
    load = os.getloadavg()[0]
    return {"python": platform.python_version(), "cores": os.cpu_count(), "load_before": round(load, 1)}
