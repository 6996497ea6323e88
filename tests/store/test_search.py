"""Search finds whole words, two characters long too, and no query can break it; on SQLite and PostgreSQL alike."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from store.models import DocumentRow
from store.search import install, matching, mend, remove
from tests.dashboard.factories import document


def found(*words: str) -> set[str]:
    return {row.text for row in matching(DocumentRow.objects.all(), words)}


@pytest.mark.django_db
class TestSearch:
    def test_a_word_of_two_characters_is_found(self) -> None:
        document("渤海湾发现赤潮", words="渤海湾 发现 赤潮")  # red tide
        document("今天天气好", words="今天 天气 好")
        assert found("赤潮") == {"渤海湾发现赤潮"}

    def test_every_word_must_occur(self) -> None:
        document("甲", words="赤潮 渤海")
        document("乙", words="赤潮 黄海")
        assert found("赤潮", "渤海") == {"甲"}

    def test_part_of_a_word_is_not_the_word(self) -> None:
        document("甲", words="赤潮灾害")
        assert found("赤潮") == set()

    def test_an_edit_and_an_erasure_are_followed(self) -> None:
        row = document("甲", words="赤潮")
        DocumentRow.objects.filter(pk=row.pk).update(words="浒苔")
        assert (found("赤潮"), found("浒苔")) == (set(), {"甲"})
        row.delete()
        assert found("浒苔") == set()

    def test_rows_made_in_bulk_are_found(self) -> None:
        row = document("甲", words="无关")
        row.pk, row.url_hash, row.words, row.text = None, "b" * 64, "赤潮", "乙"
        DocumentRow.objects.bulk_create([row], ignore_conflicts=True)
        assert found("赤潮") == {"乙"}

    def test_a_query_without_words_finds_nothing(self) -> None:
        document("甲", words="赤潮")
        assert found() == found("，", "。") == set()

    def test_an_index_lost_with_its_table_is_mended(self) -> None:
        lost = (
            "TRIGGER store_document_search_insert" if connection.vendor == "sqlite" else "INDEX store_document_search"
        )
        with connection.cursor() as cursor:
            cursor.execute(f"DROP {lost}")
        document("甲", words="赤潮")
        connection.check_constraints()  # PostgreSQL makes no index while deferred checks wait
        mend(using="default")
        assert found("赤潮") == {"甲"}

    def test_the_index_can_be_taken_away_and_made_again(self) -> None:
        document("甲", words="赤潮")
        connection.check_constraints()
        remove(connection)
        install(connection)
        assert found("赤潮") == {"甲"}


class AnyQuery(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=4))
    def test_no_query_breaks_the_search(self, words: list[str]) -> None:
        list(matching(DocumentRow.objects.all(), words))

    def test_operators_are_words(self) -> None:
        for query in ('" OR "', "NEAR(", "a*", "words:x", "NOT", "赤潮 & !", "'; DROP TABLE", "(", "-", "\x00a"):
            list(matching(DocumentRow.objects.all(), [query]))
