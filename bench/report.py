"""The figures of a run, for people and for machines."""

import json

COLUMNS = {
    "requests/s [min-max]": lambda of: (
        f"{of['requests_per_second']:.0f} [{of['slowest_round']:.0f}-{of['fastest_round']:.0f}]"
    ),
    "p50 ms": lambda of: f"{of['p50_ms']:.1f}",
    "p99 ms": lambda of: f"{of['p99_ms']:.1f}",
    "app CPU ms": lambda of: known(of["app_cpu_ms"], ".2f"),
    "PG CPU ms": lambda of: known(of["postgresql_cpu_ms"], ".2f"),
    "SQL": lambda of: str(of["statements"]),
    "bytes": lambda of: f"{of['bytes']:,}",
    "gzipped": lambda of: f"{of['gzip_bytes']:,}",
    "worker MB": lambda of: known(of["worker_mb"], ".0f"),
}


def known(figure, form):
    return "-" if figure is None else format(figure, form)


def ratio(targets):
    """How the day page compares with the bare one: its share of the requests, and its multiple of the CPU.

    And how many times as long as a day a trend takes.
    """
    day, trend, bare = (targets[name] for name in ("day page", "90-day trend", "bare page"))
    cpu = [[of[name] for name in ("app_cpu_ms", "postgresql_cpu_ms")] for of in (day, bare)]
    unknown = any(None in figures for figures in cpu) or not sum(cpu[1])
    return {
        "throughput": day["requests_per_second"] / bare["requests_per_second"],
        "cpu": None if unknown else sum(cpu[0]) / sum(cpu[1]),
        "trend": day["requests_per_second"] / trend["requests_per_second"],
    }


def as_json(setting, targets):
    return json.dumps({"setting": setting, "targets": targets, "ratio": ratio(targets)}, indent=2)


def as_table(setting, targets):
    rows = [["", *COLUMNS]]
    rows += [[name, *(column(of) for column in COLUMNS.values())] for name, of in targets.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([about(setting), *lines, verdict(ratio(targets))])


def about(setting):
    people = f"{setting['entries']:,} entries of {setting['people']:,} people"
    versions = f"PostgreSQL {setting['postgresql']}, Python {setting['python']}"
    return f"{people}; {versions}; {setting['cores']} cores, load {setting['load_before']} before the start"


def verdict(ratio):
    cpu = "" if ratio["cpu"] is None else f", for {ratio['cpu']:.1f} times its CPU"
    of_bare = f"{100 * ratio['throughput']:.0f} % of the bare page's requests per second{cpu}"
    return (
        f"The day page answers {of_bare}.\n"
        f"The 90-day trend takes {ratio['trend']:.1f} times as long as the day page."
    )
