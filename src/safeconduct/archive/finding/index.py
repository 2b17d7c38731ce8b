"""The index a database keeps over folded text: runs of three letters, spaces between words among them.

SQLite: FTS5's trigram tokenizer over `Findable.text`, kept by triggers. PostgreSQL: a GIN index over the same runs,
made by a function of ours from what every PostgreSQL has: pg_trgm is an extension that an office may not be allowed to
make, and under the locale C it holds no letter but English ones. What is found is the same by construction: a pattern
is found where the text contains it, and both indexes only make that quick. See docs/decisions/archive-finding.md.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.db import connection, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.expressions import RawSQL

from .normal import fold
from .terms import Grade, Term

NAME: Final = "archive_grams"
_RUN: Final = 3
# Of each term, what it is found by at one grade.
Patterns: TypeAlias = Sequence[Sequence[str]]
_AT_ONCE: Final = 100

_VIRTUAL: Final = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {NAME} USING fts5"
    "(text, content='archive_findable', content_rowid='id', tokenize='trigram case_sensitive 1')"
)
_PUT: Final = f"INSERT INTO {NAME} (rowid, text) VALUES (new.id, new.text);"  # noqa: S608 - names of ours
_TAKE: Final = f"INSERT INTO {NAME} ({NAME}, rowid, text) VALUES ('delete', old.id, old.text);"  # noqa: S608 - the same
_TRIGGERS: Final = {
    "added": f"AFTER INSERT ON %(table)s BEGIN {_PUT} END",
    "taken": f"AFTER DELETE ON %(table)s BEGIN {_TAKE} END",
    "changed": f"AFTER UPDATE OF text ON %(table)s BEGIN {_TAKE} {_PUT} END",
}
# Of each word, with a space at either end, every run of three letters. Compared as bytes, whatever the locale.
_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION {NAME}(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(' ' || word || ' ', at, {_RUN}) COLLATE "C"), '{{}}')
    FROM (SELECT DISTINCT unnest(string_to_array(folded, ' ')) COLLATE "C" AS word) AS words,
        generate_series(1, length(word)) AS at
$$"""  # noqa: S608 - names of ours
_GIN: Final = f'CREATE INDEX %(name)s ON %(table)s USING gin ({NAME}(text) COLLATE "C")'


class Grams(models.Index):
    """The index over `Findable.text`, as each database has it. Tables made anew or changed get it like any other."""

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",  # noqa: ARG002 - as Django calls it
        **kwargs: object,  # noqa: ARG002 - the same
    ) -> Statement:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        if schema_editor.connection.vendor == "sqlite":
            # After the table has its last name: Django makes a changed one beside the old one and renames it.
            schema_editor.deferred_sql += [
                Statement(f"CREATE TRIGGER IF NOT EXISTS {NAME}_{name} {what}", table=table)
                for name, what in _TRIGGERS.items()
            ]
            return Statement(_VIRTUAL, table=table)
        schema_editor.execute(_FUNCTION, None)
        return Statement(_GIN, name=schema_editor.quote_name(self.name), table=table)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a public post (a row's number) is found by: title, text and author as the reading copy shows them."""

    post: int
    title: str
    text: str
    author: str


def put(entries: Iterable[Entry]) -> None:
    """Let posts be found by this, in place of what they were found by. Inside the transaction of the change."""
    from .models import Findable  # here: the model has this index

    rows = [Findable(post_id=one.post, text=folded(one.title, one.text), author=fold(one.author)) for one in entries]
    known = dict(Findable.objects.filter(post__in=[row.post_id for row in rows]).values_list("post_id", "id"))
    for row in rows:
        row.pk = known.get(row.post_id)
    fresh = [row for row in rows if row.pk is None]
    changed = [row for row in rows if row.pk is not None]
    Findable.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    if changed:
        Findable.objects.bulk_update(changed, ["text", "author"], batch_size=_AT_ONCE)
        tidy()


def folded(title: str, text: str) -> str:
    """A post as searches read it. No term has a ``|``, so none is found half in the title and half in the text."""
    parts = [part for part in (fold(title), fold(text)) if part]
    return "|".join(parts)


def holds(asked: Sequence[Term], grade: Grade) -> RawSQL:
    """The condition on a row of `Findable` that all terms are found in it, at this grade or a better one: looked up."""
    return _condition(_sqlite if connection.vendor == "sqlite" else _postgresql, asked, grade)


def is_at(asked: Sequence[Term], grade: Grade) -> RawSQL:
    """The same of a row that was looked up already. PostgreSQL looks at its text: its runs are costly to make again."""
    return _condition(_sqlite if connection.vendor == "sqlite" else _in_text, asked, grade)


def _condition(made: Callable[[Patterns], tuple[str, list[object]]], asked: Sequence[Term], grade: Grade) -> RawSQL:
    sql, params = made([term.patterns[grade] for term in asked])
    return RawSQL(sql, params, output_field=models.BooleanField())  # noqa: S611 - values are parameters


def tidy() -> None:
    """Leave nothing of what was taken out: FTS5 keeps it in its tables until they are written anew.

    Whoever removes a source calls this in the same transaction; `put` does where something changes. PostgreSQL has a
    vacuum for it, which the server runs by itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {NAME} ({NAME}) VALUES ('optimize')")  # noqa: S608 - a constant


def runs(pattern: str) -> list[str]:
    """The runs of three letters of a pattern that the index on PostgreSQL has: no space in their middle."""
    every = (pattern[at : at + _RUN] for at in range(len(pattern) - _RUN + 1))
    return list(dict.fromkeys(one for one in every if one[1] != " "))


def _sqlite(patterns: Patterns) -> tuple[str, list[object]]:
    # Folded text has no quotation mark, so nothing in a pattern can end the string it stands in.
    found = " AND ".join("(" + " OR ".join(f'"{one}"' for one in each) + ")" for each in patterns)
    where = f"archive_findable.id IN (SELECT rowid FROM {NAME} WHERE {NAME} MATCH %s)"  # noqa: S608 - names of ours
    return where, [found]


def _in_text(patterns: Patterns) -> tuple[str, list[object]]:
    one = "strpos(archive_findable.text, %s) > 0"
    where = " AND ".join(f"({' OR '.join([one] * len(each))})" for each in patterns)
    return f"({where})", [pattern for each in patterns for pattern in each]


def _postgresql(patterns: Patterns) -> tuple[str, list[object]]:
    one = f'({NAME}(archive_findable.text) COLLATE "C" @> %s::text[] AND strpos(archive_findable.text, %s) > 0)'
    where = " AND ".join(f"({' OR '.join([one] * len(each))})" for each in patterns)
    return f"({where})", [part for each in patterns for pattern in each for part in (runs(pattern), pattern)]
