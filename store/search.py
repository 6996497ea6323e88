"""Search over segmented documents: an index kept by the database itself, FTS5 on SQLite and a GIN index on PostgreSQL.

Words are cut before they come here (nlp.segment), so that two-character words such as 赤潮 are found, which trigram search cannot do.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from store.models import DocumentRow

WORDS_AT_MOST = 16  # a longer query is a pasted text, not a search

# The triggers follow every write, bulk or not; "external content" keeps the words in one place only.
SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS store_document_search
       USING fts5(words, content='store_document', content_rowid='id', tokenize='unicode61')""",
    """CREATE TRIGGER IF NOT EXISTS store_document_search_insert AFTER INSERT ON store_document BEGIN
         INSERT INTO store_document_search(rowid, words) VALUES (new.id, new.words);
       END""",
    """CREATE TRIGGER IF NOT EXISTS store_document_search_delete AFTER DELETE ON store_document BEGIN
         INSERT INTO store_document_search(store_document_search, rowid, words) VALUES ('delete', old.id, old.words);
       END""",
    """CREATE TRIGGER IF NOT EXISTS store_document_search_update AFTER UPDATE OF words ON store_document BEGIN
         INSERT INTO store_document_search(store_document_search, rowid, words) VALUES ('delete', old.id, old.words);
         INSERT INTO store_document_search(rowid, words) VALUES (new.id, new.words);
       END""",
)
SQLITE_REBUILD = "INSERT INTO store_document_search(store_document_search) VALUES ('rebuild')"
# The very expression SearchVector writes, or the index is never used.
POSTGRESQL = """CREATE INDEX IF NOT EXISTS store_document_search ON store_document
                USING gin (to_tsvector('simple'::regconfig, COALESCE("words", '')))"""


def matching(documents: QuerySet[DocumentRow], words: Sequence[str]) -> QuerySet[DocumentRow]:
    """Those documents that hold every one of these words; none for a query without words.

    The words are data: nothing in them is read as query syntax.
    """
    wanted = [word.replace("\0", "") for word in words if any(map(str.isalnum, word))][:WORDS_AT_MOST]
    if not wanted:
        return documents.none()
    if connection.vendor == "postgresql":
        query = SearchQuery(wanted[0], config="simple", search_type="phrase")
        for word in wanted[1:]:
            query = query & SearchQuery(word, config="simple", search_type="phrase")
        return documents.annotate(search_words=SearchVector("words", config="simple")).filter(search_words=query)
    phrase = " ".join('"' + word.replace('"', '""') + '"' for word in wanted)
    found = RawSQL("SELECT rowid FROM store_document_search WHERE store_document_search MATCH %s", [phrase])
    return documents.filter(pk__in=found)


def install(database: BaseDatabaseWrapper) -> None:
    """Make the index where it is missing and fill it; safe to call again, also after a table was remade."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
            return
        for statement in SQLITE:
            cursor.execute(statement)
        cursor.execute(SQLITE_REBUILD)


def mend(*, using: str, **_: object) -> None:
    """After a migration: make the index again where a remade table lost its triggers; else nothing."""
    database = connections[using]
    if DocumentRow._meta.db_table not in database.introspection.table_names():
        return  # migrated back to nothing
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'store_document_search_*'"
            )
            if cursor.fetchone()[0] == len(SQLITE) - 1:
                return
    install(database)


def remove(database: BaseDatabaseWrapper) -> None:
    """Take the index away again; the documents stay."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("DROP INDEX IF EXISTS store_document_search")
            return
        for name in ("insert", "delete", "update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS store_document_search_{name}")
        cursor.execute("DROP TABLE IF EXISTS store_document_search")
