"""Sitemaps: young articles only, indexes opened at their youngest, packed or not; what could not be had is had next time."""

from __future__ import annotations

import gzip

import pytest

from store.stages import HarvestState
from tests.spiders.conftest import Crawl
from tests.spiders.site import Answer, Site

HEAD = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
ARTICLE = "<title>{0}-报</title><h1>{0}</h1><p>天津近岸海域今天出现大浪，预报员提醒市民注意安全。</p><p>渔船已经回港避风，港区停止作业。{1}</p>"


def url(path: str, *, changed: str = "", title: str = "", published: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    news = (
        f"<news:news><news:publication><news:name>滨海报</news:name><news:language>zh-cn</news:language></news:publication>"
        f"<news:publication_date>{published}</news:publication_date><news:title>{title}</news:title></news:news>"
    )
    return f"<url><loc>{path}</loc>{lastmod}{news if published else ''}</url>"


def sitemap(*records: str, tag: str = "urlset") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><{tag} {HEAD}>{"".join(records)}</{tag}>'


def child(path: str, changed: str = "") -> str:
    return url(path, changed=changed).replace("url>", "sitemap>")


def articles(site: Site, *numbers: int) -> None:
    for n in numbers:
        site.pages[f"/a/{n}.html"] = Answer(ARTICLE.format(f"海浪消息第{n}号", ""), has_etag=True)


def test_the_young_articles_of_a_news_sitemap_are_heard_with_its_time(site: Site, crawl: Crawl) -> None:
    articles(site, 1, 2)
    young = url(f"{site.base}/a/1.html", title="海浪消息第1号", published="2026-01-22T08:30:00+08:00")
    old = url(f"{site.base}/a/2.html", title="海浪消息第2号", published="2025-12-01T08:30:00+08:00")
    site.pages["/news.xml"] = Answer(sitemap(young, old), type="application/xml", has_etag=True)
    harvest = crawl("sitemap", f"{site.base}/news.xml")
    assert harvest.state is HarvestState.OK, harvest.message
    (entry,) = harvest.entries
    assert (entry.title, entry.publisher) == ("海浪消息第1号", "滨海报")
    assert entry.published_at is not None
    assert entry.published_at.isoformat() == "2026-01-22T00:30:00+00:00"
    assert entry.text.startswith("天津近岸海域")
    again = crawl("sitemap", f"{site.base}/news.xml", cursor=harvest.cursor)
    assert (again.state, again.entries) == (HarvestState.NOT_MODIFIED, ())


@pytest.mark.parametrize("packed", [False, True])
def test_an_index_leads_to_its_young_sitemaps(site: Site, crawl: Crawl, packed: bool) -> None:
    articles(site, 1, 2, 3)
    children = {"/s1.xml.gz": (1, "2026-01-22"), "/s2.xml.gz": (2, "2026-01-21"), "/old.xml.gz": (3, "2025-01-01")}
    for path, (n, day) in children.items():
        body = sitemap(url(f"{site.base}/a/{n}.html", changed=f"{day}T09:00:00+08:00")).encode()
        site.pages[path] = Answer(gzip.compress(body) if packed else body, type="application/gzip")
    index = sitemap(*(child(f"{site.base}{path}", day) for path, (_, day) in children.items()), tag="sitemapindex")
    site.pages["/sitemap.xml"] = Answer(index, type="text/xml")
    one = crawl("sitemap", f"{site.base}/sitemap.xml", pages=1)
    assert [e.title for e in one.entries] == ["海浪消息第1号"]
    harvest = crawl("sitemap", f"{site.base}/sitemap.xml", pages=9)
    assert {e.title for e in harvest.entries} == {"海浪消息第1号", "海浪消息第2号"}
    assert not site.asked("/old.xml.gz")
    seen = len(site.bodies(of="/s"))
    again = crawl("sitemap", f"{site.base}/sitemap.xml", pages=9, cursor=harvest.cursor)
    assert again.entries == ()
    assert len(site.bodies(of="/s")) == seen + 1  # the index only


def test_an_article_that_could_not_be_had_is_had_in_the_next_run(site: Site, crawl: Crawl) -> None:
    site.pages["/s.xml"] = Answer(
        sitemap(url(f"{site.base}/a/1.html", changed="2026-01-22")), type="text/xml", has_etag=True
    )
    index = sitemap(child(f"{site.base}/s.xml", "2026-01-22"), tag="sitemapindex")
    site.pages["/i.xml"] = Answer(index, type="text/xml", has_etag=True)
    broken = crawl("sitemap", f"{site.base}/i.xml")
    assert (broken.state, broken.entries) == (HarvestState.PARTIAL, ())
    articles(site, 1)
    assert len(crawl("sitemap", f"{site.base}/i.xml", cursor=broken.cursor).entries) == 1


def test_addresses_without_a_date_are_the_archive_at_first_and_news_later(site: Site, crawl: Crawl) -> None:
    articles(site, 1, 2, 3)
    listed = [url(f"{site.base}/a/{n}.html") for n in (1, 2)]
    site.pages["/s.xml"] = Answer(sitemap(*listed), type="text/xml")
    first = crawl("sitemap", f"{site.base}/s.xml")
    assert (first.state, first.entries) == (HarvestState.NOTHING_NEW, ())
    site.pages["/s.xml"] = Answer(sitemap(*listed, url(f"{site.base}/a/3.html")), type="text/xml")
    again = crawl("sitemap", f"{site.base}/s.xml", cursor=first.cursor)
    assert [e.title for e in again.entries] == ["海浪消息第3号"]
    assert crawl("sitemap", f"{site.base}/s.xml", cursor=again.cursor).entries == ()


def test_a_cut_sitemap_yields_its_whole_records_and_says_so(site: Site, crawl: Crawl) -> None:
    articles(site, 1, 2)
    whole = sitemap(*(url(f"{site.base}/a/{n}.html", changed="2026-01-22") for n in (1, 2)))
    for body in (whole[:-30].encode(), gzip.compress(whole.encode())[:-40]):
        site.pages["/s.xml"] = Answer(body, type="application/octet-stream")
        harvest = crawl("sitemap", f"{site.base}/s.xml")
        assert harvest.state is HarvestState.TRUNCATED
    site.pages["/s.xml"] = Answer(whole[:-30], type="text/xml")
    assert [e.title for e in crawl("sitemap", f"{site.base}/s.xml").entries] == ["海浪消息第1号"]


def test_entities_in_a_sitemap_are_never_opened(site: Site, crawl: Crawl) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "%s">]>' % ("哈" * 1000)
    inside = url("http://127.0.0.1/&a;", changed="2026-01-22")
    site.pages["/s.xml"] = Answer(sitemap(inside).replace("<urlset", f"{bomb}<urlset"), type="text/xml")
    harvest = crawl("sitemap", f"{site.base}/s.xml")
    assert harvest.entries == ()
    assert all("哈" not in seen.path for seen in site.seen)


def test_a_page_that_is_no_sitemap_is_a_parse_failure(site: Site, crawl: Crawl) -> None:
    site.pages["/s.xml"] = Answer("<html><body><p>这里没有站点地图。</p></body></html>")
    assert crawl("sitemap", f"{site.base}/s.xml").state is HarvestState.PARSE_FAILED
