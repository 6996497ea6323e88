"""`chaoxin sources import` and `export`: lists of feeds from and for other readers (OPML)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from spiders.finding.platforms import Proposal
from spiders.finding.writing import Review, file_text, slug_of, values_of
from spiders.opml import Outline, read_opml, write_opml
from spiders.sources import load_sources
from spiders.urls import canonical
from store.clock import clock
from store.errors import BadInput
from store.settings import settings
from store.stages import SourceKind

MOST_BYTES = 5_000_000


@click.command("import")
@click.argument("opml", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write into; data/sources without it.")
def import_opml(opml: Path, out: Path | None) -> None:
    """Write a source file, switched off, for each feed of an OPML list; files that are there stay as they are."""
    try:
        body = opml.read_bytes()
    except OSError as error:
        raise BadInput(f"{opml}: cannot be read ({error.strerror})") from error
    if len(body) > MOST_BYTES:
        raise BadInput(f"{opml}: is larger than {MOST_BYTES} bytes; export a smaller list")
    found = read_opml(body, where=str(opml))
    folder = out or settings().sources
    known = {canonical(source.url): source.slug for source in load_sources(folder)}
    left_out, written = list(found.left_out), 0
    for outline in found.feeds:
        there = known.get(canonical(outline.url))
        if there:
            left_out.append(f"{outline.title}：已有来源 {there} 是这个网址")
            continue
        click.echo(f"已写入 {_write(folder, outline, now=clock())}")
        written += 1
    for reason in left_out:
        click.echo(f"略过 {reason}", err=True)
    click.echo(f"共写入 {written} 个来源文件，略过 {len(left_out)} 项。它们都未启用，请逐个核对。")


@click.command("export")
@click.argument("opml", type=click.Path(path_type=Path))
def export_opml(opml: Path) -> None:
    """Write the feeds among the sources in force as an OPML list; a file that is there stays as it is."""
    from store.boot import migrate

    migrate()
    from responders.source_edits import in_force

    sources = [known.source for known in in_force().values()]
    try:
        with opml.open("xb") as file:
            file.write(write_opml(sources))
    except OSError as error:
        raise BadInput(f"{opml}: cannot be written ({error.strerror}); give a new file name") from error
    feeds = sum(source.kind is SourceKind.FEED for source in sources)
    click.echo(f"{opml}: {feeds} 个订阅源；另有 {len(sources) - feeds} 个来源不是订阅源，OPML 写不下它们。")


def _write(folder: Path, outline: Outline, *, now: datetime) -> Path:
    one = Proposal(kind=SourceKind.FEED.value, url=outline.url, why="来自 OPML 列表", title=outline.title)
    note = " / ".join(outline.folders)
    values = values_of(one, title=outline.title, more={"note": f"OPML 文件夹：{note}"} if note else {})
    text = file_text(values, one, Review(now=now, tried=""))
    stem = slug_of(outline.url, one.kind)
    for number in range(1, 1000):
        path = folder / f"{stem if number == 1 else f'{stem[:59]}-{number}'}.yml"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise BadInput(
                f"{path}: cannot be written ({error.strerror}); give a folder of yours with --out"
            ) from error
        return path
    raise BadInput(f"{folder}: has too many files named {stem}; clear some away")
