"""Pictures are fetched only where a source asks for it, known again by their hash, and never a reason to lose an entry."""

from __future__ import annotations

import io
import random
import struct
import zlib
from dataclasses import replace

import pytest
from scrapy import Request

from nlp.claims.pictures import difference
from spiders.gallery import MOST_A_RUN, Gallery
from spiders.heard import Heard
from spiders.parse.fingerprint import difference_hash
from store.stages import HarvestState
from store.stages import Image as Picture
from tests.spiders.conftest import Crawl
from tests.spiders.site import Answer, Site

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed; install requirements.lock")
TEXT = "<p>天津近岸海域监测到夜光藻赤潮，面积约一百平方公里。</p><p>专家提醒市民，近期不要采食该海域贝类。</p>"


def drawn(seed: int, *, size: tuple[int, int] = (640, 480), form: str = "PNG", quality: int = 80) -> bytes:
    """Soft random blocks: the same scene for the same seed whatever its size."""
    choose = random.Random(seed)
    small = Image.new("L", (8, 6))
    small.putdata([choose.randint(0, 255) for _ in range(48)])
    out = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).convert("RGB").save(out, form, quality=quality)
    return out.getvalue()


def test_the_same_picture_scaled_and_recompressed_is_near_and_another_is_far() -> None:
    for seed in range(20):
        one = difference_hash(drawn(seed))
        assert len(one) == 16
        assert difference(one, difference_hash(drawn(seed, size=(320, 240), form="JPEG", quality=40))) <= 6
        assert difference(one, difference_hash(drawn(seed + 100))) > 6


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\xff\xff\xff\xff",
        b"\xff\xd8\xff\xe0" + b"\x00" * 40,
        b"RIFF\x00\x00\x00\x00WEBP",
    ],
)
def test_what_is_no_picture_has_no_hash(body: bytes) -> None:
    assert difference_hash(body) == ""


def test_a_cut_picture_has_no_hash() -> None:
    assert difference_hash(drawn(1, form="JPEG")[:400]) == ""


def test_a_picture_of_one_colour_has_no_hash() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (240, 240, 240)).save(out, "PNG")
    assert difference_hash(out.getvalue()) == ""


def test_a_small_file_that_declares_a_giant_picture_is_not_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )
    assert difference_hash(bomb) == ""


def publish(site: Site, pictures: str) -> None:
    site.pages["/list.html"] = Answer('<ul><li><a href="/2026/01/n001.html">滨海新区发布第一期海洋简报</a></li></ul>')
    body = f"<title>滨海新区发布第一期海洋简报</title><h1>滨海新区发布第一期海洋简报</h1><div>{TEXT}{pictures}</div>"
    site.pages["/2026/01/n001.html"] = Answer(body)
    site.pages["/p/1.png"] = Answer(drawn(1), type="image/png")


def test_pictures_are_hashed_where_the_source_wants_them(site: Site, crawl: Crawl) -> None:
    publish(
        site, '<img src="/p/1.png" alt="联系13800138000"><img src="/p/gone.png"><img src="http://127.0.0.2:9/p/2.png">'
    )
    (entry,) = crawl("news", f"{site.base}/list.html", images=True).entries
    assert [image.hash for image in entry.images] == [difference_hash(drawn(1)), "", ""]
    assert entry.images[0].alt == "联系[电话]"
    assert entry.text.startswith("天津近岸海域")


def test_pictures_are_named_but_not_fetched_otherwise(site: Site, crawl: Crawl) -> None:
    publish(site, '<img src="/p/1.png">')
    (entry,) = crawl("news", f"{site.base}/list.html").entries
    assert [(image.url, image.hash) for image in entry.images] == [(f"{site.base}/p/1.png", "")]
    assert not site.asked("/p/1.png")


def test_a_bad_picture_spoils_neither_entry_nor_state(site: Site, crawl: Crawl) -> None:
    publish(site, '<img src="/p/broken.jpg"><img src="/p/refused.jpg"><img src="/p/large.jpg">')
    site.pages["/p/broken.jpg"] = Answer(b"\xff\xd8 no", type="image/jpeg")
    site.pages["/p/refused.jpg"] = Answer(b"", status=403)
    site.pages["/p/large.jpg"] = Answer(b"x" * 4_100_000, type="image/jpeg")
    harvest = crawl("news", f"{site.base}/list.html", images=True)
    assert harvest.state is HarvestState.OK
    assert [image.hash for image in harvest.entries[0].images] == ["", "", ""]


def test_an_entry_whose_pictures_never_answer_is_released_at_the_end() -> None:
    asked: list[Request] = []
    heard: list[Heard] = []
    gallery = Gallery(ask=asked.append, release=heard.append)
    one = Heard(url="http://e.com/1", images=(Picture(url="http://e.com/a.jpg"), Picture(url="http://e.com/b.jpg")))
    gallery.take(one)
    gallery.take(replace(one, url="http://e.com/2"))
    assert [request.url for request in asked] == ["http://e.com/a.jpg", "http://e.com/b.jpg"]
    assert [h.url for h in heard] == ["http://e.com/2"]  # its pictures are asked for already
    gallery.rest()
    assert heard[1:] == [one]


def test_no_more_pictures_are_asked_for_than_a_run_may() -> None:
    asked: list[Request] = []
    heard: list[Heard] = []
    gallery = Gallery(ask=asked.append, release=heard.append, asked=MOST_A_RUN)
    gallery.take(Heard(url="http://e.com/1", images=(Picture(url="http://e.com/a.jpg"),)))
    assert (len(asked), len(heard)) == (0, 1)
