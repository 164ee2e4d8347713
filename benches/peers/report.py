"""Figures of runs of benches/compare as Markdown and as an SVG."""

import math
import statistics

COLOURS = {"trialdex": "#d62728", "tantivy": "#1f77b4", "lucene": "#2ca02c", "fts5": "#9467bd", "xapian": "#8c564b"}


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1]


def summary(builds, search, first):
    """Figures of one engine on one corpus; `first` is the search of the engine that others are compared with."""
    median = {key: statistics.median(build[key] for build in builds) for key in ("seconds", "cpu", "memory", "bytes")}
    return {
        "version": builds[0]["version"], "records": builds[0]["records"], "build": median,
        "open": search["open"], "search_memory": search["memory"],
        "sets": {
            name: of_set(rounds, first["rounds"][name]) | {"first": percentile(search["first"][name]["ms"], 50)}
            for name, rounds in search["rounds"].items()}}


def of_set(rounds, first):
    # The median of a query's rounds is the query's time: a pause of the machine is no property of the engine.
    times = [statistics.median(ms) for ms in zip(*(done["ms"] for done in rounds))]
    cpu = statistics.median(done["cpu"] for done in rounds) / len(times) * 1e3
    return {"queries": len(times), "p50": percentile(times, 50), "p99": percentile(times, 99), "cpu": cpu,
            "mean": statistics.fmean(times),
            "overlap": overlap(rounds[0]["top"], first[0]["top"])}


def overlap(mine, theirs):
    """Mean share of the first ten hits that two engines have in common, over queries either answers."""
    shares = []
    for own, other in zip(mine, theirs, strict=True):
        longer = max(len(own), len(other))
        if longer:
            shares.append(len(set(own) & set(other)) / longer)
    return sum(shares) / len(shares) if shares else 0.0


def markdown(runs):
    parts = [builds_table(runs)]
    for name in runs[0]["engines"][base(runs[0])]["sets"]:
        parts.append(set_table(runs, name))
    if len(runs) > 1:
        parts.append(growth_table(runs))
    parts.append(targets_table(runs[-1]))
    return "\n".join(parts)


def base(run):
    return next(iter(run["engines"]))


def rows(heads, lines):
    table = [heads, ["---"] * len(heads), *lines]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in table)


def against(values, bases, digits=2):
    """Every figure with its ratio to that of the first engine."""
    return [f"{value:.{digits}f} ({value / of:.2f}×)" if of else f"{value:.{digits}f}" for value, of in zip(values, bases)]


def builds_table(runs):
    def figures(engine):
        build = engine["build"]
        return [build["seconds"], build["cpu"], build["memory"] / 1e6, build["bytes"] / 1e6, engine["open"] * 1e3,
                engine["search_memory"] / 1e6]

    lines = []
    for run in runs:
        bases = figures(run["engines"][base(run)])
        for name, engine in run["engines"].items():
            lines.append([run["records"], f"{name} {engine['version']}", *against(figures(engine), bases)])
    heads = ["records", "engine", "build s", "build processor s", "most memory MB", "index MB", "open ms",
             "own memory after all queries MB"]
    return "Building and opening\n\n" + rows(heads, lines)


def set_table(runs, name):
    lines = []
    for run in runs:
        first = run["engines"][base(run)]["sets"][name]
        for engine, result in run["engines"].items():
            if name not in result["sets"]:
                continue
            own = result["sets"][name]
            keys = ("p50", "p99", "first", "cpu")
            cells = against([own[key] for key in keys], [first[key] for key in keys], 3)
            lines.append([run["records"], engine, *cells, f"{own['overlap']:.0%}"])
    count = runs[0]["engines"][base(runs[0])]["sets"][name]["queries"]
    heads = ["records", "engine", "p50 ms", "p99 ms", "p50 ms asked first", "processor ms a query", "same top ten"]
    return f"Queries: {name} ({count})\n\n" + rows(heads, lines)


def growth_table(runs):
    """Exponents: a figure grows with that power of the number of records."""
    lines = []
    for small, large in zip(runs, runs[1:]):
        for name in small["engines"]:
            if name not in large["engines"]:
                continue
            own, other = small["engines"][name], large["engines"][name]
            pairs = [(own["build"][key], other["build"][key]) for key in ("seconds", "cpu", "bytes")]
            set_name = next(iter(own["sets"]))
            pairs += [(own["sets"][set_name][key], other["sets"][set_name][key]) for key in ("p50", "p99")]
            span = math.log(large["records"] / small["records"])
            exponents = [f"{math.log(b / a) / span:.2f}" for a, b in pairs]
            lines.append([f"{small['records']} to {large['records']}", name, *exponents])
    heads = ["records", "engine", "build s", "build processor s", "index bytes", "short p50", "short p99"]
    return "Growth (exponents)\n\n" + rows(heads, lines)


def targets_table(run):
    """What trialdex wants to be, at the largest number of records."""
    engines = run["engines"]
    if "trialdex" not in engines:
        return ""
    own = engines["trialdex"]
    lines = []

    def at_most(what, value, limit):
        lines.append([what, f"at most {limit}", f"{value:.2f}", "met" if value <= limit else "**missed**"])

    def at_least(what, value, limit):
        lines.append([what, f"at least {limit}", f"{value:.2f}", "met" if value >= limit else "**missed**"])

    def ratio(name, group, key):
        return engines[name][group][key] / own[group][key]

    def times(name, of, key):
        return engines[name]["sets"][of][key] / own["sets"][of][key]

    has = {name: name in engines for name in COLOURS}
    for key, unit in (("seconds", "seconds"), ("cpu", "processor seconds")):
        if has["tantivy"]:
            at_most(f"build, trialdex ÷ tantivy, {unit}", 1 / ratio("tantivy", "build", key), 1.25)
        if has["lucene"]:
            at_least(f"build, Lucene ÷ trialdex, {unit}", ratio("lucene", "build", key), 2)
    at_most("index ÷ normalised records", own["build"]["bytes"] / run["record_bytes"], 1.0)
    at_most("opening, ms (of 50 with a first answer)", own["open"] * 1e3, 50)
    at_most("memory of its own after all queries, MB", own["search_memory"] / 1e6, 200)
    at_most("most memory of a build, MB", own["build"]["memory"] / 1e6, 1024)
    if "short" in own["sets"]:
        for key in ("p50", "p99"):
            if has["lucene"]:
                at_most(f"short, trialdex ÷ Lucene, {key}", 1 / times("lucene", "short", key), 1)
            if has["tantivy"]:
                at_most(f"short, trialdex ÷ tantivy, {key}", 1 / times("tantivy", "short", key), 1.5)
            if has["fts5"]:
                at_least(f"short, FTS5 ÷ trialdex, {key}", times("fts5", "short", key), 10)
        if has["xapian"]:
            at_most("short, trialdex ÷ Xapian, p99", 1 / times("xapian", "short", "p99"), 1)
    if has["lucene"] and "notes" in own["sets"]:
        at_most("notes, trialdex ÷ Lucene, p50", 1 / times("lucene", "notes", "p50"), 1)
        at_least("notes, 1000 hits, Lucene ÷ trialdex, p50", times("lucene", "notes, 1000 hits", "p50"), 3)
    return f"Targets at {run['records']} records\n\n" + rows(["what", "target", "measured", ""], lines)


def plot(runs):
    """An SVG of build time, size and times of short queries against the number of records, both axes logarithmic."""
    first = next(iter(runs[0]["engines"][base(runs[0])]["sets"]))
    panels = [("build, s", lambda e: e["build"]["seconds"]), ("index, MB", lambda e: e["build"]["bytes"] / 1e6),
              (f"{first} p50, ms", lambda e: e["sets"][first]["p50"]),
              (f"{first} p99, ms", lambda e: e["sets"][first]["p99"])]
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="920" height="290" font-family="sans-serif" font-size="11">',
             '<rect width="920" height="290" fill="white"/>']
    for number, (name, figure) in enumerate(panels):
        points = [(engine, run["records"], figure(result)) for run in runs for engine, result in run["engines"].items()]
        parts += panel(20 + number * 225, name, points)
    engines = dict.fromkeys(engine for run in runs for engine in run["engines"])
    for number, engine in enumerate(engines):
        parts.append(f'<text x="{60 + number * 90}" y="280" fill="{COLOURS[engine]}">● {engine}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def scale(values, low, high):
    """Where a value stands between two places, and the powers of ten that bound them."""
    bottom, top = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    top = max(top, bottom + 1)
    ticks = [10 ** power for power in range(bottom, top + 1)]
    return lambda value: low + (math.log10(value) - bottom) / (top - bottom) * (high - low), ticks


def panel(left, name, points):
    points = [(engine, x, max(y, 1e-4)) for engine, x, y in points]
    across, marks = scale([x for _, x, _ in points], left + 45, left + 205)
    up, heights = scale([y for _, _, y in points], 230, 35)
    parts = [f'<text x="{left + 45}" y="20" font-weight="bold">{name}</text>']
    for mark in marks:
        parts.append(f'<text x="{across(mark):.1f}" y="248" text-anchor="middle">{mark:g}</text>')
    for height in heights:
        y = up(height)
        parts.append(f'<path d="M{left + 45} {y:.1f}H{left + 205}" stroke="#ddd"/>')
        parts.append(f'<text x="{left + 40}" y="{y + 4:.1f}" text-anchor="end">{height:g}</text>')
    for engine in dict.fromkeys(engine for engine, _, _ in points):
        places = [(across(x), up(y)) for of, x, y in points if of == engine]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[engine]}" stroke-width="1.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[engine]}"/>' for x, y in places]
    return parts
