"""The tables of bench/transfer, on a terminal and in docs/performance.md."""

from tables import number, table

OURS, THEIRS = "flask transfer", "pgloader, 10,000 rows ahead"
COSTS = {
    "rows/s of the copy alone": lambda of: of["copy_rows_per_second"],
    "seconds of the copy alone": lambda of: of["copy_seconds"],
    "seconds in all": lambda of: of["seconds"],
    "CPU seconds of the program": lambda of: of["cpu_seconds"],
    "CPU seconds of PostgreSQL": lambda of: of["server_cpu_seconds"],
    "peak memory, MB": lambda of: of["mb"],
    "load at the start": lambda of: of["load"],
    "rows that arrived": lambda of: of["rows"],
    "exit code": lambda of: max(of["exit_codes"]),
}
RATIOS = list(COSTS)[:6]


def as_text(found):
    return "\n\n".join([about(found["setting"]), costs(found["ways"]), kept(found), dirt(found["dirty"])])


def about(setting):
    data = f"{setting['rows']:,} rows, {setting['entries']:,} of them entries of {setting['people']:,} people"
    size = f"in a file of {setting['file_mb']:,.0f} MB"
    machine = f"{setting['cores']} cores, load {setting['load_before']} before the start"
    versions = ", ".join(f"{name} {version}" for name, version in setting["versions"].items())
    rounds = setting["rounds"]
    times = f"moved {rounds} times each, in turn, with the medians told" if rounds > 1 else "moved once each"
    return f"{data}, {size}, {times}; {versions}; {machine}."


def costs(ways):
    head = ["", *ways] + (["times the latter"] if THEIRS in ways else [])
    return table(head, [[name, *of_cost(name, ways)] for name in COSTS])


def of_cost(name, ways):
    figures = {way: COSTS[name](of) for way, of in ways.items()}
    said = [number(figure) for figure in figures.values()]
    if THEIRS not in ways:
        return said
    comparable = name in RATIOS and figures[OURS] and figures[THEIRS]
    return [*said, f"{figures[OURS] / figures[THEIRS]:.2f}" if comparable else ""]


def kept(found):
    ways = found["kept"]
    rows = [
        [kind, *("{} of {}".format(*of[kind]) for of in ways.values())] for kind in next(iter(ways.values()))
    ]
    next_insert = ["the next row without a number", *(found["next_insert"][way] for way in ways)]
    return table(["what the application's schema has", *ways], [*rows, next_insert])


def dirt(dirty):
    ways = [name for name in dirty["ends"][0] if name != "name"]
    head = [f"one bad row of {dirty['rows']:,}", *ways]
    return table(head, [[end["name"], *(ended(end[way]) for way in ways)] for end in dirty["ends"]])


def ended(end):
    return f"exit code {end['exit_code']}, {end['rows']:,} rows moved, {end['foreign_keys']} foreign keys"
