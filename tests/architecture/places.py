"""What the desk keeps outside the tables: files, cookies, a backup, an exported log; each with its plane.

`unlisted` holds a folder against this list, so a file that nobody placed fails a test as a column does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEY: Final = "key"
OPEN: Final = "open"
PUBLIC: Final = "public"
SEALED: Final = "sealed"
COLUMNS: Final = "as its columns are"
EMPTY: Final = "nothing in it"
INVENTED: Final = "invented"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of file or cookie. `pattern` is a regular expression for its whole path in its place."""

    name: str
    pattern: str
    plane: str
    what: str


FOLDER: Final = (
    Kept("safeconduct.toml", r"safeconduct\.toml", OPEN, "settings; may hold the database's password"),
    Kept("secret.key", r"secret\.key", KEY, "signs forms and one cookie; opens no record"),
    Kept("epoch.json", r"epoch\.(json|new)", KEY, "the layer around every key; when epochs began, where logs stood"),
    Kept("log.key", r"log\.key", KEY, "signs checkpoints of the log; opens no record"),
    Kept("database.sqlite3", r"database\.sqlite3(-journal|-wal|-shm)?", COLUMNS, "the tables above, with SQLite"),
    Kept("files/…", r"files(/[0-9a-f]{2}(/[0-9a-f]{32})?)?", SEALED, "papers; a name is a random handle"),
    Kept("archive/…wacz", r"archive(/[0-9a-f]{2}(/[0-9a-f]{32}\.wacz)?)?", PUBLIC, "what others published, as it came"),
    Kept("archive/…refused", r"archive/[0-9a-f]{2}/[0-9a-f]{32}\.refused", PUBLIC, "what is no source, as it came"),
    Kept("archive/…", r"archive/[0-9a-f]{2}/[0-9a-f]{32}", SEALED, "a source supplied in confidence"),
    Kept("authorities/", r"authorities(/[a-z0-9-]+\.(toml|pem))?", OPEN, "whom the office asks for time-stamps"),
    Kept("*.lock", r"(serving|epoch|backup)\.lock", EMPTY, "keeps two commands apart"),
    Kept(
        ".….",
        r"((files|archive)/[0-9a-f]{2}/)?\.[a-z0-9.]+\.[0-9a-f]{8,16}",
        COLUMNS,
        "one of these, being written",
    ),
    Kept("trial/", r"trial[^/]*(/.*)?", COLUMNS, "a backup while it is tried, then gone"),
    Kept("sign-ins.json", r"sign-ins\.json", INVENTED, "a demo folder's passphrases"),
)
BACKUP: Final = (
    Kept("manifest.json", r"manifest\.json", OPEN, "when, which epochs, counts by table, each file's size and SHA-256"),
    Kept("safeconduct.toml", r"safeconduct\.toml", OPEN, "settings, without a password"),
    Kept("log.key.sealed", r"log\.key\.sealed", SEALED, "the key that signs checkpoints, under an epoch"),
    Kept("database.…", r"database\.(sqlite3|dump)", COLUMNS, "the tables above"),
    Kept("files/…", r"files(/[0-9a-f]{2}(/[0-9a-f]{32})?)?", SEALED, "papers"),
    Kept("archive/…wacz", r"archive(/[0-9a-f]{2}(/[0-9a-f]{32}\.wacz)?)?", PUBLIC, "what others published, as it came"),
    Kept("archive/…refused", r"archive/[0-9a-f]{2}/[0-9a-f]{32}\.refused", PUBLIC, "what is no source, as it came"),
    Kept("archive/…", r"archive/[0-9a-f]{2}/[0-9a-f]{32}", SEALED, "a source supplied in confidence"),
    Kept("sign-ins.json", r"sign-ins\.json", INVENTED, "a demo folder's"),
)
EXPORT: Final = (
    Kept("checkpoint", r"checkpoint", OPEN, "the log's size, its root and a signature"),
    Kept("tile/…", r"tile(/[0-9a-z.]+)*", OPEN, "hashes"),
)
COOKIES: Final = (
    Kept("safeconduct-session", r"safeconduct-session", KEY, "32 random bytes: half of what opens a session"),
    Kept("safeconduct-log", r"safeconduct-log", OPEN, "the log's size and root when this browser last looked, signed"),
    Kept("safeconduct-device", r"safeconduct-device", OPEN, "random marks: this browser was signed in with before"),
    Kept("safeconduct-form", r"safeconduct-form", OPEN, "a random number that a form must repeat"),
    Kept("safeconduct-surgery", r"safeconduct-surgery", SEALED, "where a surgery is held, until the browser ends"),
    Kept("safeconduct-keys", r"safeconduct-keys", OPEN, "single keys are off"),
    Kept("django_language", r"django_language", OPEN, "the chosen language"),
)
PLACES: Final = {
    "In the data folder": FOLDER,
    "In a backup": BACKUP,
    "In an exported log": EXPORT,
    "In a browser, as cookies": COOKIES,
}
ALSO: Final = """
`epoch.json` is also where the setting `epoch_copy` puts its copy, as `safeconduct-epoch.json`: a key. The table
`django_migrations` says which upgrades were made and when: open. While the records move to another database a table
`safeconduct_moving` says so: a state, a time and a fingerprint of the folder, open. The desk writes no log file; what
it prints names nobody.
"""


def unlisted(folder: Path, of: tuple[Kept, ...]) -> Iterator[str]:
    """Files and folders that no line of the list is about, by their path in the folder."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not any(re.fullmatch(one.pattern, name) for one in of):
            yield name


def render() -> str:
    """The part of the inventory that is about files and cookies."""
    lines = ["# Outside the tables\n"]
    for place, kept in PLACES.items():
        lines += [f"## {place}\n", "| name | plane | what it is |", "|---|---|---|"]
        lines += [f"| {one.name} | {one.plane} | {one.what} |" for one in kept]
        lines.append("")
    return "\n".join(lines) + ALSO
