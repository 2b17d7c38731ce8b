"""Mail taken in: `python -m bench.mail`. So many replies sealed, matched and labelled, by the act the tray calls.

An office is built, and replies to its letters are put together of the tests' own wordings: half name the office's
reference, a quarter the person's number, a quarter nothing. One in ten is given twice. Each is read from its bytes,
looked up in the index of the team, its case opened and compared, labelled, sealed, written to the disk with its
original, and recorded. What is told is messages a second and the most memory the process held.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from bench import desk


def measure(folder: Path, *, mails: int, seed: int = 1) -> dict[str, Any]:
    """Take so many replies in on a built folder, which it changes. Figures by name."""
    desk.begin(folder)
    from bench import office  # here and below: Django must be started first
    from safeconduct.casework.models import Case
    from safeconduct.journal import sequencer
    from safeconduct.post.actions.take_in import take_in_letters
    from safeconduct.post.reading import files

    built = office.Built.read(folder)
    worker = built.workers[0]
    by = office.acting(worker.sign_in, worker.passphrase)
    team = by.teams[0]
    cases = Case.objects.filter(team=team).count()
    replies = list(_replies(built.people, mails, seed))
    sequencer.sequence()
    before = _most_memory()
    new = repeats = matched = labelled = 0
    begun = time.perf_counter()
    letters = ((name, letter) for name, data in replies for letter in files.letters(data))
    for rows in take_in_letters(by=by, team=team, letters=letters):
        for row in rows:
            new += row.message is not None and not row.repeat
            repeats += row.repeat
            matched += row.our_reference is not None
            labelled += bool(row.labels)
    seconds = time.perf_counter() - begun
    again = time.perf_counter()
    sequencer.sequence()
    return {
        "messages": len(replies),
        "taken in": new,
        "known already": repeats,
        "matched to one letter": matched,
        "labelled": labelled,
        "cases of the team": cases,
        "seconds": round(seconds, 1),
        "messages a second": round(len(replies) / seconds, 1),
        "seconds to place their entries in the tree": round(time.perf_counter() - again, 1),
        "bytes of mail": sum(len(data) for _, data in replies),
        "most memory before, MB": before,
        "most memory, MB": _most_memory(),
    }


def labels_alone(count: int = 2000, seed: int = 1) -> float:
    """Labels told a second, of texts already read."""
    from safeconduct.post import labels
    from safeconduct.post.reading.folding import said
    from tests.support.replies import invented

    texts = [reply.text for reply in invented(count, seed=seed)]
    begun = time.perf_counter()
    for text in texts:
        labels.labels_of(said(text))
    return round(count / (time.perf_counter() - begun))


def _replies(people: int, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    from bench.office import TEAM_SIZE
    from bench.people import invent
    from safeconduct.accounts.keys import today
    from tests.support.replies import invented

    dice = random.Random(seed)
    known = invent(people, today=today())[:TEAM_SIZE]
    last: tuple[str, bytes] | None = None
    for number, reply in enumerate(invented(count, seed=seed)):
        if last is not None and dice.random() < 0.1:
            yield last
            continue
        about = dice.choice(known)
        said = dice.random()
        subject = f"RE: {about.reference}" if said < 0.5 else "Your letter"
        uan = about.status.references[0].value if 0.5 <= said < 0.75 else ""
        message = EmailMessage()
        message["From"], message["To"] = "MP Enquiries <mpenquiries@ho.example>", "office@mp.example"
        message["Subject"], message["Message-ID"] = subject, f"<{seed}.{number}@ho.example>"
        message["Date"] = format_datetime(datetime.now(UTC) - timedelta(days=dice.randrange(30)))
        message.set_content(f"Ref: {uan}\n\n{reply.text}" if uan else reply.text)
        last = (f"{number}.eml", message.as_bytes())
        yield last


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Build an office, or use one that was built, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000, help="how many are on record")
    parser.add_argument("--mails", type=int, default=10_000, help="how many messages are given")
    parser.add_argument("--folder", type=Path, help="a folder that was built before; it is copied and left alone")
    chosen = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="safeconduct-bench-mail-"))
    try:
        if chosen.folder:
            desk.copy(chosen.folder, work / "desk")
        else:
            desk.build(work / "desk", people=chosen.people)
        figures = measure(work / "desk", mails=chosen.mails)
        figures["labels told a second, alone"] = labels_alone()
        print(json.dumps(figures, indent=2))
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
