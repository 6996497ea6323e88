"""Times as Chinese sites write them become UTC, or None."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.dates import BEIJING, find_time, parse_time

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)  # 2026-01-23 02:00 in Beijing


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("刚刚", NOW),
        ("3小时前", NOW - timedelta(hours=3)),
        ("3 小时前", NOW - timedelta(hours=3)),
        ("三小时前", NOW - timedelta(hours=3)),
        ("半小时前", NOW - timedelta(minutes=30)),
        ("半个小时前", NOW - timedelta(minutes=30)),
        ("2小时半前", NOW - timedelta(minutes=150)),
        ("45 分钟前", NOW - timedelta(minutes=45)),
        ("10 秒前", NOW - timedelta(seconds=10)),
        ("3 天前", NOW - timedelta(days=3)),
        ("昨天 08:30", beijing(2026, 1, 22, 8, 30)),
        ("昨天 晚上8点", beijing(2026, 1, 22, 20)),
        ("前天", beijing(2026, 1, 21)),
        ("前天 09:11", beijing(2026, 1, 21, 9, 11)),
        ("今天 01:00", beijing(2026, 1, 23, 1)),
        ("06-20 16:07", beijing(2025, 6, 20, 16, 7)),
        ("01-23 16:07", beijing(2026, 1, 23, 16, 7)),
        ("12月31日 23:59", beijing(2025, 12, 31, 23, 59)),
        ("02-29 08:00", beijing(2024, 2, 29, 8)),
        ("2016年6月20日 16时07分", beijing(2016, 6, 20, 16, 7)),
        ("2016年6月20日下午3:20", beijing(2016, 6, 20, 15, 20)),
        ("2016年06月20日　星期一 16:07", beijing(2016, 6, 20, 16, 7)),
        ("二〇一六年六月二十日", beijing(2016, 6, 20)),
        ("二○一六年六月二十一日十六时零七分", beijing(2016, 6, 21, 16, 7)),
        ("2026-1-20 09:11", beijing(2026, 1, 20, 9, 11)),
        ("发表于 2026-1-20 09:11:05", beijing(2026, 1, 20, 9, 11, 5)),
        ("发布时间：2026-01-20 09:11", beijing(2026, 1, 20, 9, 11)),
        ("2026/01/20 09:11 来源：新华网", beijing(2026, 1, 20, 9, 11)),
        ("２０２６－０１－２０ ０９：１１", beijing(2026, 1, 20, 9, 11)),
        ("2026-01-20 24:00", beijing(2026, 1, 21)),
        ("18-03-08 23:16", beijing(2018, 3, 8, 23, 16)),
        ("13 十一月", beijing(2025, 11, 13)),
        ("十一月 13", beijing(2025, 11, 13)),
        ("16:07", beijing(2026, 1, 22, 16, 7)),
        ("Tue, 20 Jan 2026 09:00:00 +0800", beijing(2026, 1, 20, 9)),
        ("Tue, 20 Jan 2026 09:00:00 GMT", datetime(2026, 1, 20, 9, tzinfo=UTC)),
        ("Tue, 20 Jan 2026 09:00:00 CST", beijing(2026, 1, 20, 9)),
        ("2026-01-20T09:00:00Z", datetime(2026, 1, 20, 9, tzinfo=UTC)),
        ("2026-01-20T09:00:00.123+08:00", beijing(2026, 1, 20, 9)),
        ("2026-01-20T09:00:00-0500", datetime(2026, 1, 20, 14, tzinfo=UTC)),
        ("January 20, 2026 9:05 PM", beijing(2026, 1, 20, 21, 5)),
        ("1768900000", datetime(2026, 1, 20, 9, 6, 40, tzinfo=UTC)),
        ("1768900000000", datetime(2026, 1, 20, 9, 6, 40, tzinfo=UTC)),
        ("20260120", beijing(2026, 1, 20)),
        ("202601200911", beijing(2026, 1, 20, 9, 11)),
    ],
)
def test_a_time_is_read_as_it_is_meant(written: str, meant: datetime) -> None:
    assert parse_time(written, now=NOW) == meant


@pytest.mark.parametrize(
    "written",
    ["", "hello", "2016-13-40", "3.14", "99:99", "第3期", "9999999999", "31-31", "2026-01-20 25:00", "x" * 500],
)
def test_what_states_no_time_is_none(written: str) -> None:
    assert parse_time(written, now=NOW) is None


def test_a_date_without_a_year_is_never_more_than_a_day_ahead() -> None:
    assert parse_time("01-24 03:00", now=NOW) == beijing(2025, 1, 24, 3)
    assert parse_time("01-24 01:00", now=NOW) == beijing(2026, 1, 24, 1)


def test_the_first_full_date_is_found_inside_a_line() -> None:
    line = "来源：渤海湾新闻网 2026年01月20日 07:42 责任编辑：示例"
    assert find_time(line, now=NOW) == beijing(2026, 1, 20, 7, 42)
    assert find_time("第 3 号 没有日期", now=NOW) is None


@given(st.text(max_size=40))
def test_any_text_gives_utc_or_none(text: str) -> None:
    found = parse_time(text, now=NOW)
    assert found is None or found.tzinfo is UTC


@given(st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2025, 12, 31)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_a_written_date_is_read_back(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    for form in ("%Y-%m-%d %H:%M", "%Y年%m月%d日 %H时%M分", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M", "%Y%m%d%H%M"):
        assert parse_time(moment.strftime(form), now=NOW) == moment.replace(tzinfo=BEIJING).astimezone(UTC)
