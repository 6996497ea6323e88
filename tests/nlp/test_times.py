"""Times in Chinese text as half-open intervals; written here in Beijing time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.times import times

BEIJING = timezone(timedelta(hours=8))
WEDNESDAY = datetime(2026, 1, 21, 14, 30, tzinfo=BEIJING)


def read(text: str, reference: datetime = WEDNESDAY) -> list[tuple[str, str, str]]:
    shown = "%y-%m-%d %H:%M"
    return [
        (time.text, time.start.astimezone(BEIJING).strftime(shown), time.end.astimezone(BEIJING).strftime(shown))
        for time in times(text, reference)
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("今天夜间", "26-01-21 20:00", "26-01-22 08:00"),
        ("21日夜间到22日上午", "26-01-21 20:00", "26-01-22 12:00"),
        ("1月21日20时", "26-01-21 20:00", "26-01-21 21:00"),
        ("3小时前", "26-01-21 11:30", "26-01-21 12:30"),
        ("明天上午", "26-01-22 08:00", "26-01-22 12:00"),
        ("二〇一六年六月二十日", "16-06-20 00:00", "16-06-21 00:00"),
        ("2016年6月20日", "16-06-20 00:00", "16-06-21 00:00"),
        ("1月21日20时至22日08时", "26-01-21 20:00", "26-01-22 08:00"),
        ("20时到次日8时", "26-01-21 20:00", "26-01-22 08:00"),
        ("22时至2时", "26-01-21 22:00", "26-01-22 02:00"),
        ("昨晚8点半", "26-01-20 20:30", "26-01-20 20:31"),
        ("下午3点", "26-01-21 15:00", "26-01-21 16:00"),
        ("凌晨2点30分", "26-01-21 02:30", "26-01-21 02:31"),
        ("今天夜里2点", "26-01-22 02:00", "26-01-22 03:00"),
        ("夜里2点", "26-01-21 02:00", "26-01-21 03:00"),
        ("12月30日", "25-12-30 00:00", "25-12-31 00:00"),
        ("29日", "26-01-29 00:00", "26-01-30 00:00"),
        ("周五下午", "26-01-23 12:00", "26-01-23 18:00"),
        ("上周日", "26-01-18 00:00", "26-01-19 00:00"),
        ("2026-01-20 16:07", "26-01-20 16:07", "26-01-20 16:08"),
        ("06-20 16:07", "26-06-20 16:07", "26-06-20 16:08"),
        ("未来24小时", "26-01-21 14:30", "26-01-22 14:30"),
        ("过去3天", "26-01-18 14:30", "26-01-21 14:30"),
        ("三天前", "26-01-18 00:00", "26-01-19 00:00"),
        ("刚刚", "26-01-21 14:20", "26-01-21 14:30"),
        ("去年7月", "25-07-01 00:00", "25-08-01 00:00"),
        ("8月下旬", "25-08-21 00:00", "25-09-01 00:00"),
        ("1月20日至22日", "26-01-20 00:00", "26-01-23 00:00"),
        ("2026.1.20", "26-01-20 00:00", "26-01-21 00:00"),
        ("2026/01/20", "26-01-20 00:00", "26-01-21 00:00"),
        ("2026-01-21T08:00", "26-01-21 08:00", "26-01-21 08:01"),
        ("21日晚", "26-01-21 18:00", "26-01-22 00:00"),
        ("晚8点", "26-01-21 20:00", "26-01-21 21:00"),
        ("早七点", "26-01-21 07:00", "26-01-21 08:00"),
        ("20-22日", "26-01-20 00:00", "26-01-23 00:00"),
        ("20至22日", "26-01-20 00:00", "26-01-23 00:00"),
        ("1月20-22日", "26-01-20 00:00", "26-01-23 00:00"),
        ("下周三", "26-01-28 00:00", "26-01-29 00:00"),
        ("上周", "26-01-12 00:00", "26-01-19 00:00"),
        ("上个月", "25-12-01 00:00", "26-01-01 00:00"),
        ("本月底", "26-01-26 00:00", "26-02-01 00:00"),
        ("三个月后", "26-04-01 00:00", "26-05-01 00:00"),
        ("10年前", "16-01-01 00:00", "17-01-01 00:00"),
        ("5月1日12时起至9月1日12时", "26-05-01 12:00", "26-09-01 12:00"),
    ],
)
def test_a_wording_becomes_its_interval(text, start, end):
    assert read(f"预计{text},渤海湾") == [(text, start, end)]


@pytest.mark.parametrize(
    "text",
    [
        "有一点冷",
        "提两点建议",
        "十号台风",
        "第4号公告",
        "早上好",
        "晚上吃什么",
        "12345热线",
        "3.5米",
        "2月30日",
        "25时",
        "每年五月、七月",
        "几天前",
        "两三天前",
        "两三点",
        "农历七月初三",
        "正月十五日",
        "腊月廿三日",
        "国庆期间",
        "每天8时",
        "每周一",
        "12点方向",
        "8点档",
    ],
)
def test_what_is_no_time_is_left_alone(text):
    assert read(text) == []


def test_without_a_time_of_publication_only_dates_with_their_year_are_read() -> None:
    assert [time.text for time in times("2016年6月20日公布,明天上午执行", None)] == ["2016年6月20日"]


def test_the_interval_is_utc() -> None:
    (time,) = times("1月21日20时", WEDNESDAY)
    assert time.start == datetime(2026, 1, 21, 12, tzinfo=UTC)
    assert time.start.tzinfo is UTC


def test_the_day_is_counted_in_beijing_whatever_the_zone_of_publication() -> None:
    late = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)  # already the 21st in Beijing
    assert read("今天", late)[0][1] == "26-01-21 00:00"


def test_several_times_come_in_order() -> None:
    assert [text for text, _, _ in read("昨天发布,今天夜间生效,3小时前更新")] == ["昨天", "今天夜间", "3小时前"]


@given(st.text(alphabet="0123456789一二三十年月日号时点分到至今明昨天夜间上下午周前后:-~ 内未来小零〇", max_size=30))
def test_any_jumble_of_time_words_gives_ordered_intervals(text):
    for time in times(text, WEDNESDAY):
        assert time.start < time.end
        assert time.text in text
