"""What an export says of itself to whoever opens it without this program."""

from typing import Final

TEXT: Final = """\
This is everything that one or more teams of an office held in Safeconduct on the day that manifest.json says.

manifest.json    what is in here: how many of each, the length and SHA-256 of every file, and which version of each
                 structure was written
people.jsonl     one person a line, as JSON in UTF-8; cases.jsonl, households.jsonl, messages.jsonl and so on are alike
members.jsonl    the names of those on the staff whom the lines name by handle
papers/          the files kept with records, as they came, called by their handle

Records name each other by handle: 32 letters and digits, the same in every file.

Who has this can read all of it. Bring it into another desk with: safeconduct import-export FILE --folder DIR
The form is described in docs/reference/export-format.md of the program, with a reader of forty lines.
"""
