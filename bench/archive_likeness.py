"""Finding posts that say the same among very many: `python -m bench.archive_likeness [--posts 100000] [--queries 500]`.

Prints, as one JSON object: the processor time and memory of putting invented posts into the index, and of each kind of
question the share that found its post, how many others it found, and the processor time of one. Where rensa is
installed (it is not among what the project needs) the same questions are asked of its MinHash with locality-sensitive
hashing, whose answers are candidates that nobody has compared yet.
"""

import argparse
import json
import platform
import random
import resource
import time
from collections.abc import Callable, Hashable, Sequence
from importlib.util import find_spec
from itertools import accumulate

from safeconduct.archive.likeness import Index

_Words = list[str]
_Ask = Callable[[_Words], Sequence[Hashable]]


class Writer:
    """Posts of invented words, some common and most rare, as in any language. The same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        syllables = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in "aeiou"]
        self.words = ["".join(self.dice.choices(syllables, k=self.dice.randint(1, 4))) for _ in range(8_000)]
        self.weights = list(accumulate(1 / (place + 3) for place in range(len(self.words))))

    def post(self, least: int = 20, most: int = 300) -> _Words:
        """One post."""
        return self.dice.choices(self.words, cum_weights=self.weights, k=self.dice.randint(least, most))

    def edited(self, post: _Words) -> _Words:
        """The same with one word in fifty another."""
        changed = list(post)
        for _ in range(max(1, len(post) // 50)):
            changed[self.dice.randrange(len(post))] = self.dice.choice(self.words)
        return changed


def measure(count: int, asked: int) -> dict[str, object]:
    """Everything, as it is printed."""
    writer = Writer(1)
    posts = [writer.post() for _ in range(count)]
    index = Index()
    begun = time.process_time()
    for number, post in enumerate(posts):
        index.add(number, " ".join(post))
    built = time.process_time() - begun
    kinds: dict[str, Callable[[_Words], _Words]] = {
        "a copy": lambda post: post,
        "one word in fifty changed": writer.edited,
        "a line put in": lambda post: [*post[: len(post) // 2], "status", "logo", *post[len(post) // 2 :]],
        "the first half": lambda post: post[: len(post) // 2],
        "40 words of it": lambda post: post[10:50],
        "20 words of it": lambda post: post[5:25],
        "12 words of it": lambda post: post[5:17],
        "a stranger": lambda _post: writer.post(150, 150),
    }
    long = [number for number, post in enumerate(posts) if len(post) >= 60]
    questions = {
        kind: [(number, make(posts[number])) for number in writer.dice.sample(long, min(asked, len(long)))]
        for kind, make in kinds.items()
    }
    figures: dict[str, object] = {
        "posts": count,
        "build_s_processor": round(built, 1),
        "megabytes_of_process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "samples": _answers(questions, lambda post: [match.key for match in index.alike(" ".join(post))]),
    }
    if find_spec("rensa") is not None:
        figures["minhash"] = _minhash(posts, questions)
    figures["machine"] = f"{platform.machine()} {platform.python_implementation()} {platform.python_version()}"
    return figures


def _answers(questions: dict[str, list[tuple[int, _Words]]], ask: _Ask) -> dict[str, dict[str, float]]:
    figures = {}
    for kind, those in questions.items():
        begun = time.process_time()
        found = [(number, ask(post)) for number, post in those]
        worked = time.process_time() - begun
        figures[kind] = {
            "found": round(sum(number in keys for number, keys in found) / len(those), 3),
            "others": sum(len(keys) - (number in keys) for number, keys in found),
            "ms_processor": round(worked / len(those) * 1000, 3),
        }
    return figures


def _minhash(posts: list[_Words], questions: dict[str, list[tuple[int, _Words]]]) -> dict[str, object]:
    import rensa

    def signed(post: _Words) -> object:
        signature = rensa.RMinHash(num_perm=128, seed=42)
        signature.update([" ".join(post[at : at + 3]) for at in range(len(post) - 2)])
        return signature

    table = rensa.RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    begun = time.process_time()
    for number, post in enumerate(posts):
        table.insert(number, signed(post))
    built = round(time.process_time() - begun, 1)
    return {"build_s_processor": built, **_answers(questions, lambda post: table.query(signed(post)))}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=500)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.posts, arguments.queries), indent=2))
