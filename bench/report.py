"""The figures of bin/bench, as tables."""

from tables import number, table

COLUMNS = {
    "requests/s [min-max]": lambda of: (
        f"{number(of['requests_per_second'])} [{number(of['slowest_round'])}-{number(of['fastest_round'])}]"
    ),
    "p50 ms": lambda of: number(of["p50_ms"]),
    "p99 ms": lambda of: number(of["p99_ms"]),
    "app CPU ms": lambda of: known(of["app_cpu_ms"], ".2f"),
    "PG CPU ms": lambda of: known(of["postgresql_cpu_ms"], ".2f"),
    "SQL": lambda of: str(of["statements"]),
    "bytes": lambda of: number(of["bytes"]),
    "gzipped": lambda of: number(of["gzip_bytes"]),
    "worker MB": lambda of: number(of["worker_mb"]),
    "errors": lambda of: "0",
}
# What is held against what, and at least how many percent of its requests/s it should reach.
HELD_AGAINST = {
    "day page": {"psycopg2 + Jinja, a day": (40, 60), "static bytes": (12, 20)},
    "logging a food": {"single INSERT": (15, None)},
    "30-day trend": {"psycopg2 + Jinja, 30 days": (25, None)},
    "90-day trend": {"day page": (25, None)},
}
# What is told of each database where there are several.
GROWING = {"requests/s": "requests_per_second", "app CPU ms": "app_cpu_ms", "PG CPU ms": "postgresql_cpu_ms"}
MOST_MB, MOST_BYTES = 110, 20_000


def known(figure, form):
    return "-" if figure is None else format(figure, form)


def ratios(targets):
    """How many percent of what it is held against each reaches, and how many times its CPU it takes."""
    return [
        {"what": name, "against": other, **held(targets[name], targets[other]), "least": at_least}
        for name, others in HELD_AGAINST.items()
        for other, at_least in others.items()
        if name in targets and other in targets
    ]


def held(of, against):
    cpu, least = all_cpu(of), all_cpu(against)
    share = 100 * of["requests_per_second"] / against["requests_per_second"]
    return {"percent": share, "times_the_cpu": cpu / least if cpu and least else None}


def all_cpu(of):
    both = [of["app_cpu_ms"], of["postgresql_cpu_ms"]]
    return None if None in both else sum(both)


def as_text(found):
    return "\n\n".join([about(found["setting"]), figures(found["targets"]), verdict(found)])


def about(setting):
    data = f"{setting['entries']:,} entries of {setting['people']:,} people, {setting['foods']:,} foods"
    rounds = f"{setting['rounds']} x {setting['seconds']:g} s for each, in turn"
    versions = f"PostgreSQL {setting['postgresql']}, Python {setting['python']}"
    machine = f"{setting['cores']} cores, load {setting['load_before']} before the start"
    return f"{data}; {rounds}; {versions}; {machine}."


def figures(targets):
    return table(
        ["", *COLUMNS], [[name, *(of(each) for of in COLUMNS.values())] for name, each in targets.items()]
    )


def verdict(found):
    rows = [
        [
            f"{of['what']}, of {of['against']}",
            f"{of['percent']:.1f} %",
            " or ".join(f"{least} %" for least in of["least"] if least),
            known(of["times_the_cpu"], ".1f"),
        ]
        for of in found["ratios"]
    ]
    return table(["requests/s", "found", "wanted at least", "times its CPU"], rows + limits(found["targets"]))


def limits(targets):
    day = targets.get("day page")
    if not day:
        return []
    return [
        ["MB of a worker", number(day["worker_mb"]), f"at most {MOST_MB}", ""],
        ["bytes of a day", number(day["bytes"]), f"at most {MOST_BYTES:,}", ""],
    ]


def grown(found):
    """The same figures of the databases, one beside the other."""
    settings = [each["setting"] for each in found]
    head = ["people", *(number(setting["people"]) for setting in settings)]
    rows = [
        ["entries", *(number(setting["entries"]) for setting in settings)],
        ["years of the first", *(number(setting["years"]) for setting in settings)],
    ]
    for name in found[0]["targets"]:
        for what, key in GROWING.items():
            figures = [each["targets"][name][key] for each in found]
            if any(figures):
                rows.append([f"{name}, {what}", *map(number, figures)])
    for nth, ratio in enumerate(found[0]["ratios"]):
        name = f"{ratio['what']}, of {ratio['against']}, %"
        rows.append([name, *(number(each["ratios"][nth]["percent"]) for each in found)])
    return "\n\n".join([about(settings[-1]), table(head, rows)])
