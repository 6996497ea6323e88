"""The sample sites beside a one-off command: served for as long as it runs, unless `serve` has them up already."""

from __future__ import annotations

import urllib.request
from contextlib import AbstractContextManager, nullcontext

from flows.samplesite.reply import ROBOTS
from flows.samplesite.server import SampleSites
from store.clock import clock
from store.settings import settings


def sample_sites() -> AbstractContextManager[object]:
    """A context in which the sample sites answer; does nothing when live. Raises ServiceDown when another program has their port."""
    if not settings().sample or are_up():
        return nullcontext()
    return SampleSites(settings().sample_port, now=clock)


def are_up() -> bool:
    """Whether the first of the ports is answered by our own portal; a stranger's answer is none."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{settings().sample_port}/robots.txt", timeout=1) as answer:
            return bool(answer.read(1000) == ROBOTS.body)
    except (OSError, ValueError):
        return False
