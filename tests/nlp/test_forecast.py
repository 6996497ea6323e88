"""The next hours as a band: wide where little was heard, by the platform's hours, silent where nothing can be said."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.forecast import Band, forecast
from nlp.rhythm import HOURS, rhythm

NOW = datetime(2026, 1, 21, 18, 0, tzinfo=UTC)  # 2 o'clock at night in China
HOUR = timedelta(hours=1)


def ago(*hours: float) -> list[datetime]:
    return [NOW - HOUR * h for h in hours]


def test_of_two_documents_nothing_is_said() -> None:
    assert forecast({"board": ago(1, 2)}, now=NOW) is None
    assert forecast({"board": ago(1, 2, -1)}, now=NOW) is None  # the future is not heard yet


def test_a_livelier_topic_has_a_higher_band() -> None:
    calm = forecast({"board": ago(5, 15, 25, 35)}, now=NOW)
    lively = forecast({"board": ago(*[h / 4 for h in range(1, 40)])}, now=NOW)
    assert calm and lively
    assert lively.low > calm.high


def test_the_night_brings_less_than_the_evening_on_a_platform_that_sleeps() -> None:
    sleeps = rhythm([200 if 8 <= hour % 24 < 23 else 4 for hour in range(HOURS)], prior_posts=500)
    times = {"board": ago(*[4 + h / 4 for h in range(40)])}
    by_night = forecast(times, now=NOW, rhythms={"board": sleeps})
    even = forecast(times, now=NOW)
    assert by_night and even
    assert by_night.high < even.middle


def test_hours_in_which_a_source_was_not_heard_do_not_calm_the_forecast() -> None:
    times = {"board": ago(*[h / 5 for h in range(1, 16)])}
    heard = forecast(times, now=NOW)
    back = forecast(times, now=NOW, heard_since={"board": NOW - 3 * HOUR})
    assert heard and back
    assert back.middle > heard.middle


def test_four_in_five_steady_topics_end_within_their_band() -> None:
    """Topics that run at a steady rate: the band must hold about its stated share, and not everything."""
    draw = random.Random(20160620)
    inside = 0
    topics = 400
    for _ in range(topics):
        rate = draw.uniform(0.2, 4.0)  # posts an hour
        past = [NOW - HOUR * draw.uniform(0, 72) for _ in range(_poisson(draw, rate * 72))]
        band = forecast({"board": past}, now=NOW)
        coming = _poisson(draw, rate * 6)
        inside += band is None or band.low <= coming <= band.high
    assert 0.75 <= inside / topics <= 0.99


def _poisson(draw: random.Random, mean: float) -> int:
    count, at = 0, draw.expovariate(1.0)
    while at < mean:
        count, at = count + 1, at + draw.expovariate(1.0)
    return count


@settings(max_examples=60)
@given(st.lists(st.floats(0, 71.9), min_size=3, max_size=80), st.sampled_from(["a", "b"]))
def test_a_band_is_ordered_and_one_more_document_never_lowers_it(hours: list[float], platform: str) -> None:
    times = {"a": ago(*hours[::2]), "b": ago(*hours[1::2])}
    less = forecast(times, now=NOW)
    more = forecast({**times, platform: [*times[platform], NOW]}, now=NOW)
    assert less and more
    assert isinstance(less, Band)
    assert 0 <= less.low <= less.middle <= less.high
    assert more.middle >= less.middle
    assert more.high >= less.high
