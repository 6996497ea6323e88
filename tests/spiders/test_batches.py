"""Many sources in one spider process: polite to each host, and no source pays for another's crash."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.batches import batches, hosts_of
from spiders.rhythm import rhythm
from spiders.run import Ask, collect_batch
from spiders.sources import Source
from store.stages import Harvest, HarvestState
from tests.spiders.conftest import NOW, source_of
from tests.spiders.site import Answer, Site

FEED = "<rss version='2.0'><channel><title>x</title><item><title>{title}</title><link>/{title}.html</link></item></channel></rss>"
Limits = Callable[..., None]


def feeds(site: Site, *names: str, **values: object) -> list[Source]:
    """A feed source a name, all on one site."""
    for name in names:
        site.pages.setdefault(f"/{name}", Answer(FEED.format(title=name), type="application/rss+xml"))
    return [replace(source_of("feed", f"{site.base}/{name}", **values), slug=name) for name in names]


def hear(sources: list[Source], spool: Path) -> dict[str, Harvest]:
    harvests = collect_batch([Ask(source, {}) for source in sources], now=NOW, spool=spool)
    assert [harvest.source for harvest in harvests] == [source.slug for source in sources]
    return {harvest.source: harvest for harvest in harvests}


def processes(spool: Path) -> int:
    return len(list(spool.glob("batch-*")))


def signal_child(spool: Path, number: signal.Signals) -> None:
    """Send a signal to the spider process that works on this spool."""
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_text() if entry.name.isdigit() else ""
        except OSError:
            continue
        if "spiders.child" in line and str(spool) in line:
            os.kill(int(entry.name), number)


def struck(spool: Path, number: signal.Signals, *, times: int) -> Callable[[Mapping[str, str]], Answer]:
    """A page whose reader is struck down, so many times."""
    left = [times]

    def answer(_headers: Mapping[str, str]) -> Answer:
        if left[0]:
            left[0] -= 1
            signal_child(spool, number)
        return Answer(FEED.format(title="late"), type="application/rss+xml")

    return answer


def test_a_batch_is_heard_in_one_process_each_source_with_its_own_entries(tmp_path: Path, limits: Limits) -> None:
    with Site() as one, Site() as other:
        sources = [*feeds(one, "a", "b"), *feeds(other, "c", "gone")]
        other.pages["/gone"] = Answer("", 404)
        heard = hear(sources, tmp_path / "spool")
    assert processes(tmp_path / "spool") == 1
    assert {slug: [e.title for e in h.entries] for slug, h in heard.items()} == {
        "a": ["a"], "b": ["b"], "c": ["c"], "gone": [],
    }  # fmt: skip
    assert heard["gone"].state is HarvestState.UNREACHABLE


def test_sources_of_one_host_are_heard_one_after_another_with_its_pause_between(tmp_path: Path, limits: Limits) -> None:
    with Site() as site:
        asked: list[float] = []

        def answer(_headers: Mapping[str, str]) -> Answer:
            asked.append(time.monotonic())
            return Answer(FEED.format(title="x"), type="application/rss+xml")

        site.pages |= {f"/{name}": answer for name in "abc"}
        hear(feeds(site, "a", "b", "c", delay=0.5, permission="我们自己的站点"), tmp_path / "spool")
    assert len(asked) == 3
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(asked))


def test_a_process_killed_in_the_middle_costs_no_source_anything(tmp_path: Path, limits: Limits) -> None:
    with Site() as site, Site() as other:
        other.pages["/struck"] = struck(tmp_path, signal.SIGKILL, times=1)
        heard = hear([*feeds(other, "struck", "after"), *feeds(site, "a", "b")], tmp_path / "spool")
    assert {harvest.state for harvest in heard.values()} == {HarvestState.OK}
    assert [e.title for e in heard["struck"].entries] == ["late"]


def test_a_source_that_kills_every_process_is_named_and_the_others_are_heard(tmp_path: Path, limits: Limits) -> None:
    with Site() as site, Site() as other:
        other.pages["/struck"] = struck(tmp_path, signal.SIGKILL, times=99)
        heard = hear([*feeds(other, "struck", "after"), *feeds(site, "a")], tmp_path / "spool")
    assert {slug: h.state for slug, h in heard.items()} == {
        "struck": HarvestState.FAILED, "after": HarvestState.OK, "a": HarvestState.OK,
    }  # fmt: skip
    assert "-9" in heard["struck"].message


@pytest.mark.slow
def test_a_source_that_hangs_is_timed_out_and_the_others_are_heard(tmp_path: Path, limits: Limits) -> None:
    limits(source_timeout_seconds=15.0)
    with Site() as site, Site() as other:
        other.pages["/struck"] = struck(tmp_path, signal.SIGSTOP, times=99)
        heard = hear([*feeds(other, "struck", "after"), *feeds(site, "a")], tmp_path / "spool")
    assert {slug: h.state for slug, h in heard.items()} == {
        "struck": HarvestState.TIMED_OUT, "after": HarvestState.OK, "a": HarvestState.OK,
    }  # fmt: skip


def test_what_was_handed_over_before_the_crash_is_kept_once(tmp_path: Path, limits: Limits) -> None:
    from spiders import run

    kept, again = feeds_entries("一"), feeds_entries("一", "二")
    folder = tmp_path / "earlier"
    folder.mkdir()
    from spiders.spool import Writer

    writer = Writer(folder)
    for entry in (*kept, *feeds_entries("三")):
        writer.add(entry)
    writer.flush()
    harvest = Harvest(source="a", state=HarvestState.OK, message="", entries=again, started_at=NOW, finished_at=NOW)
    joined = run._with_kept(harvest, folder)
    assert sorted(e.title for e in joined.entries) == ["一", "三", "二"]


def feeds_entries(*titles: str) -> tuple:  # type: ignore[type-arg]
    from tests.spiders.test_handover import ENTRY

    return tuple(replace(ENTRY, url=f"http://e.com/{title}", title=title) for title in titles)


HOSTS = st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60)


@given(HOSTS)
def test_every_source_is_in_one_batch_with_all_of_its_host_and_never_beside_private_ones(
    given_: list[tuple[int, bool]],
) -> None:
    sources = [
        replace(source_of("feed", f"http://h{host}.example/{n}", allow_private=private), slug=f"s{n:03}")
        for n, (host, private) in enumerate(given_)
    ]
    made = batches(sources, rhythm())
    assert sorted(s.slug for batch in made for s in batch) == [s.slug for s in sources]
    assert all(len({s.allow_private for s in batch}) == 1 for batch in made)
    places = {(s.host, s.allow_private): number for number, batch in enumerate(made) for s in batch}
    assert all(places[(s.host, s.allow_private)] == n for n, batch in enumerate(made) for s in batch)
    assert made == batches(list(reversed(sources)), rhythm())


def test_a_host_named_for_articles_is_the_same_host() -> None:
    one = replace(source_of("news", "http://a.example/", hosts=["b.example"]), slug="one")
    other = replace(source_of("feed", "http://b.example/rss"), slug="other")
    names = hosts_of([one, other])
    assert names["one"] == names["other"]


def test_five_hundred_sources_fill_all_processes_evenly() -> None:
    sources = [replace(source_of("feed", f"http://h{n}.example/"), slug=f"s{n:03}") for n in range(500)]
    assert [len(batch) for batch in batches(sources, rhythm())] == [125] * 4
