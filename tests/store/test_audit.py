"""The audit chain: gapless numbers, a seal on every row, and the finding of every kind of tampering."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from store import audit
from store.models import AuditRow

NOW = datetime(2026, 1, 22, 18, 0, 0, 123456, tzinfo=UTC)


def act(name: str = "edit", **detail: object) -> AuditRow:
    with transaction.atomic():
        return audit.append(None, name, "draft", 7, detail, now=NOW)


@pytest.mark.django_db
def test_rows_are_numbered_from_one_and_linked_by_hash() -> None:
    first, second = act(), act()
    assert (first.number, second.number) == (1, 2)
    assert first.previous_hash == audit.BEFORE_THE_FIRST
    assert second.previous_hash == first.hash
    assert audit.verify() == []


@pytest.mark.django_db
def test_a_chain_survives_its_way_through_the_database() -> None:
    act(text="风暴潮", share=0.1, at=NOW, gone=None, nested={"b": [1, 2.5], "a": ("x",)}, nul="a\x00b")
    assert audit.verify() == []
    detail = AuditRow.objects.get().detail
    assert detail["share"] == "0.1"
    assert detail["nul"] == "ab"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"verb": "approve"},
        {"object_id": "8"},
        {"detail": {"reason": "别的"}},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_row_is_found(change: dict[str, object]) -> None:
    for _ in range(4):
        act(reason="原样")
    AuditRow.objects.filter(number=2).update(**change)
    assert 2 in audit.verify()


@pytest.mark.django_db
def test_a_row_that_is_changed_and_sealed_anew_breaks_the_next_one() -> None:
    for _ in range(3):
        act()
    row = AuditRow.objects.get(number=2)
    row.verb = "approve"
    AuditRow.objects.filter(number=2).update(verb="approve", hash=audit.seal(row))
    assert audit.verify() == [3]


@pytest.mark.django_db
def test_missing_rows_are_found_in_the_middle_and_at_the_beginning() -> None:
    for _ in range(5):
        act()
    AuditRow.objects.filter(number__in=[1, 3]).delete()
    assert {1, 3} <= set(audit.verify())


@pytest.mark.django_db
def test_rows_cut_off_at_the_end_are_found_with_a_head_noted_earlier() -> None:
    for _ in range(4):
        act()
    noted = audit.head()
    AuditRow.objects.filter(number__gt=2).delete()
    assert audit.verify() == []
    assert audit.verify(noted=noted) == [3, 4]
    act()
    act("other")
    assert audit.verify(noted=noted) == [4]


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused_and_a_rolled_back_one_takes_its_number_back() -> None:
    with pytest.raises(RuntimeError):
        audit.append(None, "edit", "draft", 1, {}, now=NOW)
    with transaction.atomic():
        audit.append(None, "edit", "draft", 1, {}, now=NOW)
        transaction.set_rollback(True)
    assert act().number == 1


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_leave_no_gap_and_no_fork() -> None:
    def write() -> None:
        try:
            for _ in range(5):
                act()
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(AuditRow.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert audit.verify() == []
