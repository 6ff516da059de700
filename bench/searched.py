"""The tables of bench/food_search, on a terminal and in docs/performance.md."""

from tables import number, table


def as_text(found):
    ways = found["ways"]
    return "\n\n".join(
        [
            about(found["setting"]),
            times("ms of the database: half, 99 of 100", ways, "ms"),
            times("its CPU ms: half, 99 of 100", ways, "cpu_ms"),
            *([ratios(ways)] if len(ways) > 1 else []),
            found_by(ways),
            indexes(found["indexes"]),
            upkeep(found["setting"]),
        ]
    )


def about(setting):
    foods = f"{setting['foods']:,} foods in a table of {setting['table_mb']:,.0f} MB"
    data = f"{foods}, {setting['products']:,} products of Open Food Facts; {setting['rounds']} rounds"
    machine = f"{setting['cores']} cores, load {setting['load_before']} before the start"
    ahead = "; what is measured went before other programs" if setting["ahead"] else ""
    return f"{data}; PostgreSQL {setting['postgresql']}, Python {setting['python']}; {machine}{ahead}."


def times(title, ways, unit):
    kinds = list(next(iter(ways.values())))
    rows = [
        [name, *(f"{number(of[f'p50_{unit}'])}, {number(of[f'p99_{unit}'])}" for of in way.values())]
        for name, way in ways.items()
    ]
    return table([title, *kinds], rows)


def ratios(ways):
    """How many times our CPU the others take, by the median."""
    (_, ours), *others = ways.items()
    rows = [[name, *(times_of(of, ours[kind]) for kind, of in way.items())] for name, way in others]
    return table(["times the CPU of the first, by half", *ours], rows)


def times_of(theirs, ours):
    if not theirs["p50_cpu_ms"] or not ours["p50_cpu_ms"]:
        return "-"
    return f"{theirs['p50_cpu_ms'] / ours['p50_cpu_ms']:,.1f}"


def found_by(ways):
    kinds = list(next(iter(ways.values())))
    rows = [
        [name, *(f"{100 * of['found']:.0f} %, {of['statements']}" for of in way.values())]
        for name, way in ways.items()
    ]
    return table(["found what was meant; statements at most", *kinds], rows)


def indexes(built):
    rows = [[name, number(of["mb"]), number(of["seconds"])] for name, of in built.items()]
    return table(["index", "MB", "seconds to build"], rows)


def upkeep(setting):
    stored = setting["stored_per_second"]
    return table(
        ["upkeep", ""],
        [
            ["foods stored per second before the large index was there", number(stored["without"])],
            ["with it", number(stored["with"])],
            ["seconds to sort all foods into their tiers", number(setting["sort_seconds"])],
            ["seconds to learn all their words", number(setting["words_seconds"])],
        ],
    )
