"""Recall and time of the sealed name search: `python -m bench.names_recall [--people 100000] [--queries 600]`.

Prints, as one JSON object: recall of true pairs by a shared token, recall@10, how often the person is among those that
reach the ranking, the time of each step by the clock and by the processor, and the size and load time of a generation.
It is the desk's own way with an index at hand; opening what is sealed is not in it.
"""

import argparse
import json
import platform
import statistics
import time
from collections import defaultdict

from bench.names_data import Person, Query, people, queries
from safeconduct.core.names import Generation, query_tokens, tokens
from safeconduct.core.names.kept import keep
from safeconduct.core.names.lookup import Lookup, Newest, kept_of
from safeconduct.core.names.match import rank_kept
from safeconduct.core.names.parts import Bones


def _ask(generation: Generation, made: list[Person], asked: list[Query]) -> dict[str, object]:
    at_10 = likely = shared = 0
    newest = Newest(())
    lookup, bones = Lookup(generation, newest), Bones()
    by_script: dict[str, list[int]] = defaultdict(list)
    times: list[float] = []
    worked: list[float] = []
    ranking: list[float] = []
    for query in asked:  # sets are made when they are first asked for, and skeletons: an index at hand has them
        found = lookup.likeliest(query.text, query_tokens(query.text))
        rank_kept(query.text, [(number, kept_of(generation, newest, number) or b"") for number in found], bones)
    for query in asked:
        work = time.process_time()
        start = time.perf_counter()
        found = lookup.likeliest(query.text, query_tokens(query.text))
        middle = time.perf_counter()
        known = [(number, kept_of(generation, newest, number) or b"") for number in found]
        ranked = rank_kept(query.text, known, bones, 10, shares=found)
        end = time.perf_counter()
        worked.append((time.process_time() - work) * 1000)
        times.append((end - start) * 1000)
        ranking.append((end - middle) * 1000)
        hit = any(one.number == query.wanted for one in ranked)
        at_10 += hit
        likely += query.wanted in found
        shared += bool(tokens([query.text]) & tokens([made[query.wanted].name]))
        by_script[f"{made[query.wanted].script} from {query.script}"].append(hit)
    return {
        "queries": len(asked),
        "shared_token": round(shared / len(asked), 3),
        "recall_of_those_compared": round(likely / len(asked), 3),
        "recall_at_10": round(at_10 / len(asked), 3),
        "ms_processor": round(statistics.fmean(worked), 2),
        "ms_mean": round(statistics.fmean(times), 2),
        "ms_median": round(statistics.median(times), 2),
        "ms_p95": round(statistics.quantiles(times, n=20)[-1], 2),
        "ms_of_it_ranking": round(statistics.fmean(ranking), 2),
        "recall_at_10_by_script": {
            pair: [round(statistics.fmean(hits), 2), len(hits)] for pair, hits in sorted(by_script.items())
        },
    }


def measure(count: int, asked: int) -> dict[str, object]:
    made = people(count)
    start = time.perf_counter()
    kept = {person.number: keep([person.name]) for person in made}
    generation = Generation.build(((person.number, tokens([person.name])) for person in made), kept)
    built = time.perf_counter()
    data = generation.to_bytes()
    stored = time.perf_counter()
    loaded = Generation.from_bytes(data)
    end = time.perf_counter()
    return {
        "people": count,
        "entries": len(loaded.places),
        "megabytes": round(len(data) / 1e6, 2),
        "build_s": round(built - start, 2),
        "load_ms": round((end - stored) * 1000, 1),
        "same_script": _ask(loaded, made, queries(made, asked, across=False)),
        "across_scripts": _ask(loaded, made, queries(made, asked, across=True)),
        "machine": f"{platform.machine()} {platform.python_implementation()} {platform.python_version()}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=600)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.people, arguments.queries), indent=2))
