"""Every row of the fault table, served by a real site to the real spider process; the table of docs/operations.md is the same one."""

from __future__ import annotations

import contextlib
import functools
import re
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from spiders.job import Limits
from spiders.run import collect
from store.settings import ROOT, Settings
from store.stages import Harvest, HarvestState
from tests.spiders.conftest import NOW, source_of
from tests.spiders.faults import FAULTS, GOOD, GOOD_FEED, MACHINE_FAULTS, RSS, Fault, article
from tests.spiders.raw_site import RawSite, Reply, reply_of

SIDE_BY_SIDE = 4
LIST = "".join(
    f'<li><a href="{href}">{title}</a></li>'
    for href, title in (
        ("/2026/101.html", GOOD[0]),
        ("/2026/102.html", "这一页有点毛病的新闻标题"),
        ("/2026/103.html", GOOD[1]),
    )
)
SOUND = Fault(name="none", reply=reply_of(GOOD_FEED, kind=RSS), state=HarvestState.OK, told="2 条", heard=GOOD)
ACCEPTED = replace(SOUND, name="none, for its certificate is accepted", is_secure=True, keys={"any_certificate": True})


@dataclass(frozen=True)
class Ended:
    """What became of one row: the run that met the fault and, where the site healed, the run after it."""

    harvest: Harvest
    after: Harvest | None
    asked: tuple[str, ...]


@pytest.fixture(scope="module")
def ended(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[Ended]]]:
    """The chosen rows, run side by side; a row's future is its result."""
    chosen = {item.callspec.params.get("fault") for item in request.session.items if hasattr(item, "callspec")}
    folder = tmp_path_factory.mktemp("faults")
    certificate = _certificate(folder)
    with _quick_settings(folder), ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        yield {
            fault.name: pool.submit(_run, fault, folder / f"row-{number}", certificate)
            for number, fault in enumerate((*FAULTS, SOUND, ACCEPTED))
            if fault in chosen or fault in (SOUND, ACCEPTED)
        }


@contextlib.contextmanager
def _quick_settings(folder: Path) -> Iterator[None]:
    given = {
        "state": folder / "var",
        "sample": False,
        "request_timeout_seconds": 4.0,
        "response_limit_bytes": 2_000_000,
    }
    chosen = Settings.model_validate(given)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spiders.run.settings", lambda: chosen)
        patch.setattr("spiders.run.Limits", functools.partial(Limits, retry_seconds=0.05))
        yield


def _run(fault: Fault, folder: Path, certificate: Path) -> Ended:
    with RawSite(_pages(fault), certificate=str(certificate) if fault.is_secure else "") as site:
        kind, path = ("feed", "/rss") if fault.at == "feed" else ("news", "/")
        source = source_of(kind, fault.url or site.base + path, **{"delay": 0, **fault.keys})
        harvest = collect(source, cursor={}, now=NOW, spool=folder)
        asked, after = tuple(site.asked), None
        if fault.heals:
            site.replies["/rss"] = reply_of(GOOD_FEED, kind=RSS)
            after = collect(source, cursor=harvest.cursor, now=NOW + timedelta(hours=2), spool=folder)
        return Ended(harvest, after, asked)


def _pages(fault: Fault) -> dict[str, Reply]:
    pages: dict[str, Reply] = {"/rss": fault.reply}
    if fault.at == "page":
        pages = {
            "/": reply_of(LIST),
            "/2026/101.html": reply_of(article(GOOD[0])),
            "/2026/102.html": fault.reply,
            "/2026/103.html": reply_of(article(GOOD[1])),
        }
    return {**pages, **fault.extra}


def _certificate(folder: Path) -> Path:
    """A certificate that only its own maker vouches for."""
    path = folder / "self-signed.pem"
    made = folder / "made.pem"
    options = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(path), "-out", str(made)]
    subprocess.run(["openssl", "req", "-x509", *options, *files], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + made.read_bytes())
    return path


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_named_state_and_loses_nothing_good(fault: Fault, ended: Mapping[str, Future[Ended]]) -> None:
    row = ended[fault.name].result()
    harvest = row.harvest
    assert harvest.state is fault.state, harvest.message
    assert fault.told in harvest.message
    arrived = [entry.title for entry in harvest.entries]
    assert sorted(arrived) == sorted(fault.heard or (GOOD if fault.at == "page" else ()))
    assert all(entry.published_at is None or entry.published_at <= NOW + timedelta(days=1) for entry in harvest.entries)
    if row.after:
        assert row.after.state is HarvestState.OK, row.after.message
        assert {*arrived, *(entry.title for entry in row.after.entries)} == set(GOOD)


@pytest.mark.parametrize("source", [SOUND, ACCEPTED], ids=lambda source: source.name)
def test_a_sound_source_beside_all_of_them_is_heard_whole(source: Fault, ended: Mapping[str, Future[Ended]]) -> None:
    assert [entry.title for entry in ended[source.name].result().harvest.entries] == list(GOOD)


def test_the_table_of_the_document_is_the_table_of_the_tests() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.partition("## Faults")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!fault|-)([^|]+?) \| ([^|]+?) \|", table, re.MULTILINE)
    tested = {fault.name: fault.state.value for fault in FAULTS} | {k: v or "none" for k, v in MACHINE_FAULTS.items()}
    assert dict(rows) == tested
