"""Heat adds up from parts that show their numbers, against the topic's own past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nlp.heat import Mention, TopicCounts, burst, heat
from nlp.rhythm import HOURS, rhythm
from store.stages import Engagement, Heat

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)


def mentions(*hours_ago: float, source: str = "board", **more: object) -> list[Mention]:
    return [Mention(at=NOW - timedelta(hours=h), source=source, **more) for h in hours_ago]  # type: ignore[arg-type]


def part(found: Heat, name: str) -> float:
    return next(p.value for p in found.parts if p.name == name)


def detail(found: Heat, name: str) -> str:
    return next(p.detail for p in found.parts if p.name == name)


def test_the_score_is_the_sum_of_its_parts_within_0_and_100() -> None:
    many = [
        m
        for n in range(8)
        for m in mentions(*[h / 10 for h in range(60)], source=f"s{n}", platform="m", engagement=Engagement(likes=900))
    ]
    found = heat(TopicCounts(mentions=many), now=NOW)
    assert 90 < found.score <= 100
    assert abs(found.score - sum(p.value for p in found.parts)) < 0.5


def test_a_first_night_says_that_there_is_no_past_to_compare_with() -> None:
    found = heat(TopicCounts(mentions=mentions(1, 2)), now=NOW)
    assert "尚无自身历史" in detail(found, "声量")


def test_a_rise_over_the_own_past_is_hotter_than_an_ordinary_day_of_the_same_size() -> None:
    today = mentions(*range(1, 11))
    quiet = mentions(*[24 * day + 12 for day in range(1, 15)])
    busy = [m for day in range(1, 15) for m in mentions(*[24 * day + h for h in range(1, 11)])]
    since = NOW - timedelta(days=20)
    risen = heat(TopicCounts(mentions=today + quiet, listening_since=since), now=NOW)
    usual = heat(TopicCounts(mentions=today + busy, listening_since=since), now=NOW)
    assert part(risen, "声量") > part(usual, "声量") + 10
    assert "按此前14天同类时段平常为1.0条" in detail(risen, "声量")


def test_the_past_reaches_back_no_further_than_listening_does() -> None:
    found = heat(TopicCounts(mentions=mentions(1, 30, 60, 90), listening_since=NOW - timedelta(days=5)), now=NOW)
    assert "按此前4天" in detail(found, "声量")


def test_more_in_the_last_hours_than_before_is_speed() -> None:
    rising = heat(TopicCounts(mentions=mentions(*range(1, 10), 20)), now=NOW)
    falling = heat(TopicCounts(mentions=mentions(1, *range(13, 22))), now=NOW)
    assert part(rising, "增速") > 8
    assert part(falling, "增速") == 0


def test_a_burst_that_is_only_a_source_coming_back_is_not_counted() -> None:
    burst = mentions(*[h / 2 for h in range(1, 20)], source="portal")
    since = NOW - timedelta(days=20)
    heard = heat(TopicCounts(mentions=burst, listening_since=since), now=NOW)
    back = heat(
        TopicCounts(mentions=burst, listening_since=since, heard_since={"portal": NOW - timedelta(hours=10)}), now=NOW
    )
    assert part(heard, "增速") > 0
    assert part(back, "增速") == 0
    assert part(back, "声量") < part(heard, "声量")
    assert part(back, "来源恢复") == 0
    assert "portal恢复抓取后的19条不计入增长" in detail(back, "来源恢复")


def test_a_source_that_came_back_long_ago_counts_like_any_other() -> None:
    counts = TopicCounts(mentions=mentions(1, 2, source="portal"), heard_since={"portal": NOW - timedelta(days=9)})
    assert all(p.name != "来源恢复" for p in heat(counts, now=NOW).parts)


def test_several_sources_are_hotter_than_one() -> None:
    one = heat(TopicCounts(mentions=mentions(1, 2, 3)), now=NOW)
    three = heat(TopicCounts(mentions=[m for n in range(3) for m in mentions(n + 1, source=f"s{n}")]), now=NOW)
    assert part(three, "广度") > part(one, "广度")


def test_engagement_is_measured_against_the_platforms_own_usual_post() -> None:
    rows = mentions(1, platform="m", engagement=Engagement(reposts=200, likes=100))
    large = heat(TopicCounts(mentions=rows, usual={"m": 300.0}), now=NOW)
    small = heat(TopicCounts(mentions=rows, usual={"m": 3.0}), now=NOW)
    assert part(large, "互动") < part(small, "互动")
    assert "100.0倍" in detail(small, "互动")


def test_views_alone_are_no_engagement_and_its_lack_is_said() -> None:
    found = heat(TopicCounts(mentions=mentions(1, engagement=Engagement(views=9000))), now=NOW)
    assert detail(found, "互动") == "来源未显示互动数"


def test_what_is_still_spoken_of_is_hotter_than_what_went_silent() -> None:
    now, then = (part(heat(TopicCounts(mentions=mentions(h)), now=NOW), "新近") for h in (0, 24))
    assert now == 15.0
    assert then == 3.8


def test_no_document_no_heat_and_the_future_does_not_count() -> None:
    assert heat(TopicCounts(mentions=[]), now=NOW).score == 0
    assert heat(TopicCounts(mentions=mentions(-5)), now=NOW).score == 0


def test_a_busy_evening_of_a_platform_that_lives_in_the_evening_is_no_rise() -> None:
    lively = rhythm([200 if 18 <= hour % 24 <= 23 else 10 for hour in range(HOURS)], prior_posts=500)
    night = datetime(2026, 1, 22, 16, 0, tzinfo=UTC)  # midnight in China: six lively hours lie behind
    rows = [Mention(at=night - timedelta(hours=h / 3), source="s", platform="m") for h in range(1, 16)]
    blind = heat(TopicCounts(mentions=rows), now=night)
    knowing = heat(TopicCounts(mentions=rows, rhythms={"m": lively}), now=night)
    assert part(knowing, "增速") < part(blind, "增速")
    assert "按平常时段应为" in detail(knowing, "增速")


def test_a_burst_needs_support_a_past_and_a_source_that_was_heard() -> None:
    since = NOW - timedelta(days=20)
    past = mentions(*[24 * day + 12 for day in range(1, 15)])
    today = mentions(*[h / 2 for h in range(1, 19)])
    found = burst(TopicCounts(mentions=past + today, listening_since=since), now=NOW)
    assert found
    assert (found.heard, found.expected) == (18, 1.0)
    assert found.deviations == 17.0
    assert burst(TopicCounts(mentions=past + today[:4], listening_since=since), now=NOW) is None
    assert burst(TopicCounts(mentions=today), now=NOW) is None
    back = {"board": NOW - timedelta(hours=10)}
    assert burst(TopicCounts(mentions=past + today, listening_since=since, heard_since=back), now=NOW) is None
