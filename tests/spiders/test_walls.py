"""Refusals and sign-ins as the sites and firewalls show them are recognised, and what only looks like one is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spiders.classify import classify
from spiders.saved import Saved
from store.stages import HarvestState

JSON: dict[str, Any] = {"content-type": "application/json"}
BULLETIN = "<p>今天上午天津海事局在北塘渔港开展渔船安全检查，台风尚未登录，请渔民及时收听预报。</p>"


def page(body: str | bytes, *, status: int = 200, url: str = "http://e.cn/a", **headers: Any) -> Saved:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    return Saved(url=url, body=data, status=status, headers=given, asked="http://e.cn/a")


@pytest.mark.parametrize(
    "saved",
    [
        page("", status=429),
        page("", status=418),
        page("", status=432),
        page("", status=503, retry_after="10"),
        page("<title>Just a moment...</title>", status=503, cf_mitigated="challenge"),
        page("<script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script>", status=503),
        page("<script>document.cookie=__jsl_clearance</script>", status=521),
        page("<html><script src='https://static.geetest.com/v4/gt4.js'></script><div id=captcha></div></html>"),
        page("<html><script>var arg1='3F'; acw_sc__v2</script></html>"),
        page("<html><body><script>location='/?yunsuo_session_verify=1'</script></body></html>"),
        page("<html><meta id='x' content='FSSBBIl1UgzbN7N'><script>$_ts=window</script></html>", status=412),
        page(
            "<title>百度安全验证</title><p>网络不给力，请稍后重试</p>", url="https://wappass.baidu.com/static/captcha/"
        ),
        page("<title>安全验证</title><p>拖动下方滑块完成验证</p>"),
        page("<p>您的访问过于频繁，请稍后再试</p>"),
        page('{"code": -412, "message": "请求被拦截"}'),
        page('{"error": {"code": 1, "message": "Too many requests"}}'),
    ],
)
def test_a_refusal_is_recognised(saved: Saved) -> None:
    assert classify(saved) is HarvestState.BLOCKED


@pytest.mark.parametrize(
    "saved",
    [
        page("", status=401),
        page("<p>您的账号尚未登录</p>"),
        page("<p>请先登录</p>", url="https://passport.e.cn/login?u=a"),
        page('{"ok": -100, "url": "https://passport.weibo.example/sso/signin?entry=wapsso"}', **JSON),
        page('{"code": -101, "message": "账号未登录"}', **JSON),
        page('{"error": "This method requires an authenticated user"}', **JSON),
        page('{"success": false, "msg": "登录已失效，请重新登录"}', **JSON),
    ],
)
def test_a_sign_in_is_recognised(saved: Saved) -> None:
    assert classify(saved) is HarvestState.LOGIN_WALL


@pytest.mark.parametrize(
    "saved",
    [
        page(BULLETIN),  # people write 登录 for a storm's landfall too
        page(BULLETIN + "<script src='https://www.google.com/recaptcha/api.js' class='g-recaptcha'></script>" + "<p>预报员提醒，海上有大浪，请注意安全，渔船不要出海。明天风力减弱。</p>"),
        page(json.dumps([{"message": "请先登录"}]), **JSON),
        page('{"data": [{"text": "请先登录再领取"}], "ok": 1}', **JSON),
        page('{"message": "%s 请先登录"}' % ("海浪" * 2000), **JSON),
        page('{"url": "https://e.cn/@author/authentic"}', **JSON),
        page('{broken', **JSON),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_wall_is_read(saved: Saved) -> None:
    assert classify(saved) is None


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (b"\x89PNG\r\n\x1a\n....", "text/html"),
        (b"%PDF-1.7 ...", ""),
        (b"PK\x03\x04....", "application/octet-stream"),
        (b"<html>\x00\x00\x00\x00\x00\x01\x02", "text/html"),
        (b"anything", "video/mp4"),
        (b"anything", "application/vnd.ms-excel"),
    ],
)
def test_what_is_no_text_is_not_read_as_one(body: bytes, declared: str) -> None:
    assert classify(page(body, content_type=declared)) is HarvestState.PARSE_FAILED


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("<p>渔船回港避风</p>".encode("utf-16"), "text/html"),
        ("<p>plain words of the sea</p>".encode("utf-16-le"), "text/html; charset=utf-16"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00packed sitemap", "application/gzip"),
        ("<p>渔船回港避风</p>".encode(), "application/octet-stream"),
        ("<svg><text>潮</text></svg>".encode(), "image/svg+xml"),
    ],
)
def test_text_in_an_odd_dress_is_still_text(body: bytes, declared: str) -> None:
    assert classify(page(body, content_type=declared)) is None
