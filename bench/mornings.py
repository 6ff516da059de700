"""The tables of bench/load, on a terminal and in docs/performance.md."""

from tables import number, table


def as_text(found):
    parts = [about(found), levels(found["levels"]), answers(found["levels"])]
    return "\n\n".join(parts + ([soak(found["minutes"])] if found["minutes"] else []))


def about(found):
    setting = found["setting"]
    data = f"{setting['entries']:,} entries of {setting['people']:,} people"
    rounds = f"{setting['rounds']} x {setting['seconds']:g} s for each, in turn"
    machine = f"{setting['cores']} cores, load {setting['load_before']} before the start"
    stored = f"{found['acknowledged']:,} entries were acknowledged, and each of them is stored once"
    versions = f"PostgreSQL {setting['postgresql']}, Python {setting['python']}"
    return f"{data}; {rounds}; {versions}; {machine}. No answer was another than it should be; {stored}."


def levels(found):
    head = ["connections", *(str(level["connections"]) for level in found)]
    rows = {
        "bare page, requests/s": lambda level: level["bare"]["requests_per_second"],
        "morning, requests/s": lambda level: level["app"]["requests_per_second"],
        "of the bare page's, %": lambda level: 100 * ratio(level),
        "app CPU ms per request": lambda level: level["app"]["app_cpu_ms"],
        "PostgreSQL CPU ms per request": lambda level: level["app"]["postgresql_cpu_ms"],
    }
    return table(head, [[name, *(number(of(level)) for level in found)] for name, of in rows.items()])


def ratio(level):
    return level["app"]["requests_per_second"] / level["bare"]["requests_per_second"]


def answers(found):
    """How long each kind of answer took: half of them at most, and 99 of 100."""
    head = ["ms: half, 99 of 100", *(str(level["connections"]) for level in found)]
    kinds = [kind for kind in found[0]["kinds"]]
    rows = [[kind, *(pair(level["kinds"].get(kind)) for level in found)] for kind in kinds]
    return table(head, [*rows, ["bare page", *(pair(level["bare"]) for level in found)]])


def pair(of):
    return f"{number(of['p50_ms'])}, {number(of['p99_ms'])}" if of else "-"


def soak(minutes):
    head = [
        "minute",
        "requests/s",
        "day: half, 99 of 100, ms",
        "app CPU ms",
        "worker MB",
        "database connections",
    ]
    rows = [
        [
            str(each["minute"]),
            number(each["requests_per_second"]),
            pair({"p50_ms": each["day_p50_ms"], "p99_ms": each["day_p99_ms"]}),
            number(each["app_cpu_ms"]),
            number(each["worker_mb"]),
            str(each["database_connections"]),
        ]
        for each in minutes
    ]
    return table(head, rows)
