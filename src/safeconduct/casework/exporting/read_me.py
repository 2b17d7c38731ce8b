"""What an export says of itself to whoever opens it without this program. It is not sealed, so it names nobody."""

from typing import Final

TEXT: Final = b"""\
This is everything that one or more teams of an office held in Safeconduct, sealed to a passphrase.

With Safeconduct, bring it into another desk:

    safeconduct import-export FILE --folder DIR

Without it, take this zip apart and open the records with age (https://age-encryption.org), or with rage. It asks for
the passphrase, and leaves everything readable in the folder where you do this:

    age -d -i key.age records.tar.age | tar -x

export.json      what this is: when it was made, of which teams, and which version of each structure was written
people/          people, one a line, as JSON in UTF-8; cases/, households/, messages/ and so on are alike
members/         the names of those on the staff whom the lines name by handle
papers/          the files kept with records, as they came, called by their handle
manifest.json    how many there are of each, and the length and SHA-256 of every file

Sources of the archive are not in it: they leave as folders that anybody can check (safeconduct archive export --all).

Records name each other by handle: 32 letters and digits, the same in every file. Who opens this can read all of it.
The form is described in docs/reference/export-format.md of the program.
"""
