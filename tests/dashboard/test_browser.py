"""The officer's whole story in a real browser: from the hottest topic to the portal, with every refusal she meets."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from responders.roles import Role
from tests.dashboard.factories import PASSWORD, Room, document, person, press_room, source_with_a_past

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", shutil.which("chromium") or "") if path and Path(path).exists()), ""
)
sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright: pip install playwright")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="browser tests need Chromium: apt-get install chromium fonts-noto-cjk"),
    pytest.mark.django_db(transaction=True),
]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
Desk = Callable[[str], Any]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # Playwright's sync API runs an event loop in this thread; the test's own queries are not in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def told(live_server: Any, harbour: Path) -> Room:
    """The press room, with an officer who may sign too: only the rule of two people stands between her and the button."""
    room = press_room()
    source_with_a_past()
    person("sun", Role.OFFICER, Role.APPROVER)
    return room


@pytest.fixture
def desk(browser: Any, live_server: Any, told: Room) -> Desk:
    """Signs a person in, in a browser window of their own; a script error or refused resource fails the test."""

    def sign_in(name: str) -> Any:
        page = browser.new_context(locale="zh-CN", base_url=live_server.url).new_page()
        page.set_default_timeout(10_000)
        page.goto("/")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("heading", name="总览").wait_for()
        return page

    return sign_in


def says(page: Any, words: str) -> None:
    page.get_by_text(words).first.wait_for()


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def save(page: Any, old: str, new: str) -> None:
    body = page.get_by_label("正文")
    body.fill(body.input_value().replace(old, new))
    press(page, "保存修改")
    says(page, "已保存")


def find_draft(page: Any, told: Room) -> None:
    """From the overview over the hottest topic to its draft, with a look at the evidence."""
    page.get_by_role("link", name=told.topic.title).first.click()
    says(page, "满分 100，各部分相加")
    page.get_by_role("link", name=told.draft.title).click()
    page.get_by_role("link", name="滨海论坛网帖，1月20日").click()
    says(page, "渣土车一辆接一辆往海边卸土")
    page.go_back()


def submit(page: Any) -> None:
    press(page, "提交")
    says(page, "已提交")


def approve(page: Any) -> None:
    page.reload()
    press(page, "签发")
    says(page, "已签发")


def test_from_the_hottest_topic_to_the_portal(desk: Desk, told: Room) -> None:
    sun = desk("sun")
    find_draft(sun, told)
    save(sun, "我局高度重视，已安排", "我局已安排")
    submit(sun)
    assert sun.get_by_role("button", name="签发", exact=True).is_disabled()
    says(sun, "您最后修改、提交了这份稿件，须由另一人签发。")

    chen = desk("chen")
    chen.get_by_role("link", name=told.draft.title).first.click()
    press(chen, "退回")  # the browser asks for the reason first
    assert chen.get_by_text("已退回，理由已记录").count() == 0
    chen.get_by_label("退回理由（必填）").fill("请写明何时公布。")
    press(chen, "退回")
    says(chen, "已退回，理由已记录")

    sun.goto("/")
    says(sun, "退回理由：请写明何时公布。")
    sun.get_by_role("link", name=told.draft.title).first.click()
    save(sun, "核查情况将在24小时内公布", "核查情况将于近日公布")
    submit(sun)

    approve(chen)
    sun.reload()
    save(sun, "核查情况将于近日公布", "核查情况将及时公布")
    says(sun, "原签发随之作废。")
    assert sun.get_by_role("button", name="发布", exact=True).is_disabled()

    submit(sun)
    approve(chen)
    sun.reload()
    press(sun, "发布")
    says(sun, "已送达")
    sun.get_by_role("link", name="门户页面").click()
    says(sun, "核查情况将及时公布")
    assert sun.get_by_text("[E1]").count() == 0

    feed = sun.request.get("/portal/feed.xml")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert told.draft.title in feed.text()

    chen.goto(f"/audit/?object_type=draft&object_id={told.draft.pk}")
    verbs = chen.locator("td[data-label=动作]").all_inner_texts()
    assert verbs[::-1] == ["修改", "提交", "退回", "修改", "提交", "签发", "修改", "提交", "签发", "发布"]
    says(chen, "核验通过")


def test_the_desk_is_used_with_the_keyboard_alone(desk: Desk) -> None:
    page = desk("lin")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_an_offer_is_answered_with_the_keyboard_alone(desk: Desk, told: Room) -> None:
    document("海边新开的那家店怎么样", relevance=0.62, category="海洋经济与产业")
    page = desk("lin")
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/offers/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    script = Path(__file__).with_name("accessible.js").read_text(encoding="utf-8")
    assert page.evaluate(script[script.index("() =>") :]) == []
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("不涉海"):
            break
    page.keyboard.press("Enter")
    says(page, "已记录您的判断")
    says(page, "今天没有需要您判断的文档")


def addresses(room: Room) -> list[str]:
    things = [
        f"/topics/{room.topic.code}/",
        f"/claims/{room.claim.pk}/",
        f"/documents/{room.post.pk}/",
        f"/drafts/{room.draft.pk}/",
    ]
    more = [
        f"/cases/{room.case.pk}/",
        f"/bulletins/{room.warning.pk}/",
        "/sources/board/",
        "/sources/harbour/",
        "/sources/harbour/edit/",
        "/sources/?show=watch",
        "/audit/",
        "/people/",
        "/brief/",
        "/emergency/",
    ]
    lists = ["/", "/queue/", "/cases/", "/claims/", "/topics/", "/documents/", "/bulletins/", "/sources/"]
    return [*lists, *things, *more]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_its_window_and_can_be_used_by_all(desk: Desk, told: Room, width: int) -> None:
    page = desk("guan")
    page.set_viewport_size({"width": width, "height": 900})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    script = Path(__file__).with_name("accessible.js").read_text(encoding="utf-8")
    for address in addresses(told):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.evaluate(script[script.index("() =>") :]) == [], address
    assert refused == []
