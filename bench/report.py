"""bench/RESULTS.md from what was found. Nothing is worked out here but medians, quartiles and ratios of medians."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bench.plan import DATABASES
from bench.timing import said, spread

_PAGES = ("Today, whole page", "Today, query layer", "case, whole page", "case, query layer")
_HEAD = """# Measurements

Written by `{command}`. First figures, on one machine: trust the ratios over the milliseconds. A time is a median in
milliseconds with its quartiles in brackets; p95 is the 95th percentile. No target is judged here.

| | |
|---|---|
"""
_PAGES_SAY = """## Today and the case page, sealed and unsealed

The twin (`bench/twin/`) is the desk's own code on the desk's own tables, with what sealing needs taken out: envelopes
hold the facet's plain bytes, nothing is unwrapped, opened or compared with the log, no team's key is opened, and an
entry's body is plain. Pages, queries, policy and the entry committed before anything is read are the same code on both
sides. We preferred that to a second set of tables and queries, which would differ by how well each was written. It
favours the twin a little: a plain desk would read typed columns rather than one small structure a facet. The twin still
joins the table of who holds a record, one query a page, as any desk with teams would.

The twin's folder is a copy of the desk's, opened: the same people in the same order. Two processes take turns request
by request, {rounds} rounds of {pages}, each to another case. "Whole page" is a request through Django with every
middleware and template; "query layer" is what the page reads, without words and HTML. Each opens its session from the
cookie anew. Every sample
includes its durable entry in the log. "Own work" is the processor time of the desk's process alone, which waits neither
for the disk nor for a database's server, and is troubled least by whatever else the machine does. A team holds up to
10,000 people; who is in "every team" is in all of them.

"""
_SEARCH_SAY = """## Search

The same questions about the same people in one run: names of two or three parts made from rigour's `persons.txt`
(`bench/names_data.py`), every part asked for in another spelling where there is one, one in five with a slip of the
keyboard. Recall is the share of questions whose person is among the first ten. "Across" is typed in another script than
the one stored. End to end is the desk's own search as its page has it done: policy, entries in the log, opening the
team's index, opening every candidate's record, ranking, keeping the result sealed. pg_trgm is asked by SQL alone, on a
warm connection, and writes nothing; folding, and our ranking of its nearest 200, are ours.

"""
_CROWD_SAY = """## Six people read while an import runs

`safeconduct serve` with its eight threads in a process of its own, on the office of {size} people; six members of one
team read Today and cases from it without a pause, first alone and then beside an import in a third process. They ask
for the next page as soon as the last has come, so this is the desk at its limit, not at an office's pace. "Off":
nothing is recorded and nothing compared with the log, by a patch of the bench's own. {seconds:g} seconds each. Refused:
answers that were not the page.

"""
_SIGNIN_SAY = """## Signing in, starting, memory

Twenty-four members sign in at the same moment over HTTP, each with a passphrase stretched as at a real desk; a page and
a form each. Memory is Linux's VmRSS of the one process there is, and VmHWM for the most there ever was. A start is from
the command to the line that says where the desk is, on a folder whose tables are up to date.

"""
_NOT = """## Not measured

- Other machines and other disks: a commit to the log waits for this disk, and that is most of a page on SQLite.
- The browser: drawing a page, the network, TLS.
- A twin with typed columns, written by somebody who wanted it to win.
- Teams over 10,000 on Today, a million people, many organisations on one server.
- The sequencer under hours of load.
- PostgreSQL on a machine of its own: here it shares the cores with the desk. Its settings are Debian's but for
  `shared_buffers=512MB` and `max_wal_size=4GB`. SQLite is in the mode the desk gives it on this version.
- Passphrases are stretched cheaply in the measured office, so that signing in does not hide the rest; what stretching
  costs at a real desk stands among the parts.
"""


def render(found: Mapping[str, Any]) -> str:
    """The whole page."""
    sizes, results = found["sizes"], found["results"]
    facts = {**found["machine"], "command": found["command"], "took": f"{found['seconds'] / 60:.0f} minutes"}
    parts = [
        _HEAD.format(command=found["command"]) + "\n".join(f"| {name} | {value} |" for name, value in facts.items()),
        _PAGES_SAY.format(rounds=sizes["rounds"], pages=sizes["pages"])
        + "\n\n".join(_pages(size, database, sizes, results) for size in sizes["offices"] for database in DATABASES)
        + "\n\n"
        + _growth(sizes, results),
        _SEARCH_SAY + "\n\n".join(_search(size, results) for size in sizes["offices"]),
        _CROWD_SAY.format(size=f"{sizes['offices'][0]:,}", seconds=sizes["crowd_seconds"]) + _crowd(results),
        _SIGNIN_SAY + _signin(results) + "\n\n" + _running(sizes, results),
        "## Parts by themselves\n\nA rate is a median with the lowest and highest of a few runs.\n\n"
        + _table(["", *_columns(sizes)], _parts(sizes, results))
        + "\n\n"
        + _builds(sizes, results),
        _NOT,
    ]
    if found["failed"]:
        parts.append("## Steps that failed\n\n" + "\n".join(f"- {name}" for name in found["failed"]))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _samples(
    results: Mapping[str, Any], kind: str, of: str, rounds: int, what: str, which: str = "samples"
) -> list[float]:
    found = (results.get(f"pages {of} {number}", {}).get(kind, {}) for number in range(rounds))
    return [one for each in found for one in each.get(which, {}).get(what, [])]


def _pages(size: int, database: str, sizes: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    of, rounds = f"{size} {database}", sizes["rounds"]
    rows = []
    for team in ("one team", "every team"):
        for page in _PAGES:
            what = f"{page}|{team}"
            desk, twin = (_samples(results, kind, of, rounds, what) for kind in ("desk", "twin"))
            if not desk or not twin:
                continue
            ours, theirs = spread(desk), spread(twin)
            work = [spread(_samples(results, kind, of, rounds, what, "work"))["median"] for kind in ("desk", "twin")]
            queries = [results[f"pages {of} 0"][kind]["queries"][what] for kind in ("desk", "twin")]
            rows.append(
                [
                    f"{page}, {team}",
                    said(ours),
                    said(theirs),
                    f"**{ours['median'] / theirs['median']:.2f}**",
                    f"{work[0]:.1f} / {work[1]:.1f}",
                    f"**{work[0] / work[1]:.2f}**",
                    f"{ours['p95']:.1f} / {theirs['p95']:.1f}",
                    f"{queries[0]} / {queries[1]}",
                ]
            )
    table = _table(["", "sealed", "twin", "ratio", "own work", "ratio", "p95", "queries"], rows)
    return f"### {size:,} people, {database}\n\n{table}"


def _growth(sizes: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    """How a page grows from the small office to the large one, in teams of the same size."""
    least, most = min(sizes["offices"]), max(sizes["offices"])
    rows = []
    for database in DATABASES:
        for page in _PAGES:
            small, large = (
                _samples(results, "desk", f"{size} {database}", sizes["rounds"], f"{page}|one team")
                for size in (least, most)
            )
            if small and large:
                ratio = spread(large)["median"] / spread(small)["median"]
                rows.append([f"{page}, {database}", f"{ratio:.2f}"])
    return f"From {least:,} to {most:,} people, one team, sealed:\n\n" + _table(["", "ratio of medians"], rows)


def _search(size: int, results: Mapping[str, Any]) -> str:
    rows = []
    sources: list[tuple[str, str]] = [(f"pg_trgm {size}", ""), (f"names in memory {size}", "")]
    sources += [(f"search {size} {database}", f", {database}") for database in DATABASES]
    for source, suffix in sources:
        for design, kinds in results.get(source, {}).items():
            within, across = kinds["within"], kinds["across"]
            rows.append(
                [
                    f"{design}{suffix}",
                    f"{within['recall']:.2f}",
                    said(within["ms"]),
                    f"{across['recall']:.2f}",
                    said(across["ms"]),
                    str(within["queries"]),
                ]
            )
    table = _table(["", "recall@10", "ms", "recall@10 across", "ms across", "questions each"], rows)
    return f"### {size:,} people\n\n{table}"


def _crowd(results: Mapping[str, Any]) -> str:
    rows = []
    for database in DATABASES:
        for recorded in ("recorded", "unrecorded"):
            found = results.get(f"crowd {database} {recorded}")
            if not found:
                continue
            for when in ("alone", "beside"):
                seen = found[when]
                pages = len(seen["today"]) + len(seen["case"])
                brought = found["import"]["rows"] / found["import"]["seconds"]
                rows.append(
                    [
                        f"{database}, log {'on' if recorded == 'recorded' else 'off'}"
                        f"{', with an import' if when == 'beside' else ''}",
                        f"{pages / seen['seconds']:.1f}",
                        _middle_and_tail(seen["today"]),
                        _middle_and_tail(seen["case"]),
                        f"{brought:.0f}" if when == "beside" else "–",
                        str(seen["refused"]),
                    ]
                )
    return _table(
        ["", "pages a second", "Today p50 / p95", "case p50 / p95", "rows a second brought in", "refused"], rows
    )


def _signin(results: Mapping[str, Any]) -> str:
    rows = []
    for database in DATABASES:
        found = results.get(f"signin {database}")
        if found:
            together = [one for each in found["at once"] for one in each["ms"]]
            rows.append(
                [
                    database,
                    said(spread(found["alone"]), 0),
                    _middle_and_tail(together),
                    f"{max(each['seconds'] for each in found['at once']):.1f}",
                    str(sum(each["refused"] for each in found["at once"])),
                    f"{found['MB']['most']:.0f}",
                ]
            )
    head = ["", "one alone, ms", "24 at once, ms p50 / p95", "until the last is in, s", "refused", "most memory, MB"]
    return _table(head, rows)


def _running(sizes: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    rows = []
    for size in sizes["offices"]:
        for database in DATABASES:
            found = results.get(f"running {size} {database}")
            if found:
                memory = [f"{found[when]['now']:.0f}" for when in ("idle MB", "read MB")]
                start = said(spread(found["start ms"]), 0)
                rows.append([f"{size:,} people, {database}", start, *memory, f"{found['read MB']['most']:.0f}"])
    head = ["", "start until it takes connections, ms", "memory then, MB", "after six read, MB", "at most, MB"]
    return _table(head, rows)


def _middle_and_tail(samples: list[float]) -> str:
    figures = spread(samples)
    return f"{figures['median']:,.0f} / {figures['p95']:,.0f}"


def _columns(sizes: Mapping[str, Any]) -> Iterator[str]:
    return (f"{size:,}, {database}" for size in sizes["offices"] for database in DATABASES)


def _parts(sizes: Mapping[str, Any], results: Mapping[str, Any]) -> list[list[str]]:
    found = [results.get(f"parts {size} {database}", {}) for size in sizes["offices"] for database in DATABASES]
    names = dict.fromkeys(name for each in found for name in each)
    return [[name, *(_figure(each.get(name)) for each in found)] for name in names]


def _figure(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return "–"
    return said(dict(figures), 0 if figures["median"] >= 100 else 1)


def _builds(sizes: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    lines = [
        f"The office of {size:,} people was built in {results[f'build {size}']['seconds']:.0f} s and takes "
        f"{results[f'build {size}']['bytes'] / 1e6:,.0f} MB in SQLite; its twin takes "
        f"{results[f'twin {size}']['bytes'] / 1e6:,.0f} MB. "
        for size in sizes["offices"]
        if f"build {size}" in results and f"twin {size}" in results
    ]
    return "\n".join(lines)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
