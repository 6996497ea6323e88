"""Where a request may go: private addresses however written, names that lead inside, answers that change."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

from spiders.addresses import PublicResolver, is_private
from spiders.job import Job
from spiders.politeness import Guard
from spiders.refusal import RequestRefusedError
from tests.spiders.conftest import source_of


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "10.0.0.8", "192.168.1.1", "172.16.0.1"),
        *("0.0.0.0", "0", "169.254.169.254", "100.64.0.1", "224.0.1.1", "255.255.255.255", "198.18.0.1"),
        *("[::1]", "[::]", "[fe80::1%eth0]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]"),
        *("localhost", "LOCALHOST.", "a.localhost", "printer.local", "db.internal", "router.home.arpa"),
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_is_known_in_every_form(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "news.example.cn", "[2001:4860:4860::8888]", "1.gov.cn", "[::ffff:8.8.8.8]"]
)
def test_a_public_address_and_a_name_are_not_private(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/",
        "http://0x7f000001/",
        "http://１２７.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://news.example.evil.com/",
        "https://news.example.cn@evil.com/",
        "ftp://news.example.cn/a",
        "file:///etc/passwd",
    ],
)
def test_a_request_that_leaves_the_site_is_not_sent(url: str, job: Job) -> None:
    with pytest.raises(RequestRefusedError):
        Guard(job).process_request(Request(url))


def test_the_site_itself_and_its_sisters_are_asked(job: Job) -> None:
    for url in ("http://news.example.cn/1", "https://www.example.cn/1"):
        Guard(job).process_request(Request(url))


@pytest.fixture
def job() -> Job:
    from types import SimpleNamespace
    from typing import cast

    source = source_of("feed", "http://news.example.cn/rss", allow_private=False)
    return cast(Job, SimpleNamespace(source=source))


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> PublicResolver:
    """A resolver whose names answer 93.184.216.34 at first and 10.0.0.1 ever after."""
    answers = iter(["93.184.216.34"])

    def answer(self: object, name: str, timeout: object = ()) -> Deferred[str]:
        return succeed(next(answers, "10.0.0.1"))

    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", answer)
    monkeypatch.setattr(PublicResolver, "allowed", set())
    return PublicResolver.__new__(PublicResolver)


def test_a_name_that_changes_its_mind_is_judged_each_time_and_its_judged_address_is_the_one_used(
    resolver: PublicResolver,
) -> None:
    assert _result(resolver.getHostByName("rebinding.example")) == "93.184.216.34"
    second = _result(resolver.getHostByName("rebinding.example"))
    assert isinstance(second, Failure)
    assert isinstance(second.value, RequestRefusedError)


def test_a_name_of_a_source_of_our_own_may_lead_inside(resolver: PublicResolver) -> None:
    PublicResolver.allowed.add("board.intranet.example")
    _result(resolver.getHostByName("board.intranet.example"))
    assert _result(resolver.getHostByName("board.intranet.example")) == "10.0.0.1"


def test_a_name_that_cannot_be_resolved_stays_so(resolver: PublicResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", lambda *_: fail(OSError("no such name")))
    assert isinstance(_result(resolver.getHostByName("nowhere.example")), Failure)


def _result(deferred: Deferred[str]) -> object:
    found: list[object] = []
    deferred.addBoth(found.append)
    return found[0]
