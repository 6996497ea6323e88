"""How a site received a run: when it is enough, and what the next run knows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from spiders.cursor import Cursor
from spiders.outcome import Tally
from spiders.saved import Saved
from spiders.welcome import STOPPING, Welcome
from store.stages import HarvestState
from tests.spiders.conftest import NOW


def refusal(status: int = 403, **headers: str) -> Saved:
    return Saved(url="https://e.com/1", body=b"", status=status, headers=headers)


def test_a_refused_front_and_a_refusal_that_means_us_end_the_run_at_once() -> None:
    assert Welcome().refused(refusal(), is_front=True, now=NOW)
    assert Welcome().refused(refusal(429), is_front=False, now=NOW)


def test_single_pages_may_be_refused_until_there_are_too_many() -> None:
    welcome = Welcome()
    ends = [welcome.refused(refusal(), is_front=False, now=NOW) for _ in range(STOPPING)]
    assert ends == [False] * (STOPPING - 1) + [True]
    assert welcome.was_sent_away


def test_who_was_sent_away_comes_back_when_the_site_said_and_knows_why() -> None:
    welcome, cursor, tally = Welcome(), Cursor.from_json({}), Tally()
    welcome.refused(refusal(429, **{"retry-after": "600"}), is_front=True, now=NOW)
    tally.trouble(HarvestState.BLOCKED, "请求过多（429）", front=True)
    welcome.remember(cursor, tally, HarvestState.BLOCKED, now=NOW)
    assert cursor.blocked_until == int((NOW + timedelta(minutes=10)).timestamp())
    assert (cursor.refused_as, cursor.refused_why) == (HarvestState.BLOCKED.value, "请求过多（429）")


@pytest.mark.parametrize(("read", "refusals"), [(1, 0), (0, 1)])
def test_only_a_site_that_answered_is_forgiven(read: int, refusals: int) -> None:
    cursor = Cursor.from_json({})
    cursor.refused("blocked", "拒绝访问（403）", now=NOW, until=None)
    Welcome().remember(cursor, Tally(fronts_read=read), HarvestState.OK, now=NOW)
    assert cursor.refusals == refusals
