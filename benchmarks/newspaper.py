"""An invented news site for the collection benchmark: article pages of four layouts, 20 to 80 KB each, served from loopback.

Every page is made from its number alone, so each run and each spider sees the same bytes.
"""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from spiders.dates import BEIJING

A_LIST = 100  # articles a list page shows
PLACES = ("东疆", "北塘", "汉沽", "大港", "临港", "南港", "中心渔港", "高沙岭", "驴驹河", "永定新河口")
MATTERS = (
    "赤潮",
    "风暴潮",
    "海冰",
    "海浪",
    "浒苔",
    "水母",
    "岸滩垃圾",
    "油污",
    "海水倒灌",
    "禁渔期",
    "海堤加固",
    "湿地修复",
)
SENTENCES = (
    "{place}近岸海域{day}日监测到{matter}，影响面积约{n}平方公里，有关部门已派船巡查。",
    "值班人员介绍，潮位将在{hour}时前后达到{n}厘米，低洼路段可能出现积水，请过往车辆绕行。",
    "附近居民告诉记者，{hour}点多海面颜色发红，岸边有轻微异味，但没有看到死鱼。",
    "专家提醒，{matter}期间不要在{place}一带下海游泳，也不要采食贝类；已经采到的请不要食用。",
    "海洋环境监测中心将加密采样，每{hour}小时发布一次结果，市民可拨打热线咨询。",
    "“我们连夜检查了{n}处堤段，没有发现渗漏。”{place}防潮指挥部的工作人员说，物资已经备足。",
    "受冷空气和天文大潮共同影响，预计{day}日夜间{place}沿海将出现一次增水过程，增水{n}厘米左右。",
    "渔港内停靠的{n}艘渔船已全部加固缆绳，船上人员撤离上岸，由社区统一安置。",
)
SCRIPT = "var _c={};for(var i=0;i<{n};i++){_c['k'+i]=function(a,b){return a<b?'x':\"y\";};};/* 统计代码，请勿删除 */\n"
STYLE = ".n{n}{{margin:0 {n}px;padding:{n}px;color:#333;background:url(/img/{n}.png) no-repeat}}\n"


@dataclass(frozen=True, slots=True)
class Article:
    """What one page is about, known without reading it."""

    title: str
    published: datetime
    paragraphs: tuple[str, ...]


def article(number: int) -> Article:
    """The article of a number."""
    choose = random.Random(number)
    title = f"{choose.choice(PLACES)}{choose.choice(MATTERS)}最新情况：第{number}号通报发布"
    at = datetime(2026, 1, 1, 6, tzinfo=BEIJING) + timedelta(minutes=7 * number % 400_000)
    paragraphs = tuple(
        "".join(_sentence(choose) for _ in range(choose.randint(1, 4))) for _ in range(choose.randint(5, 28))
    )
    return Article(title, at, paragraphs)


def article_page(number: int) -> str:
    """The page of an article."""
    told, choose = article(number), random.Random(-number - 1)
    layout = (_portal, _government, _account, _lines)[number % 4]
    data = (
        f"<script>window.__data={[choose.randint(1, 10**9) for _ in range(choose.randint(0, 3500))]};</script></body>"
    )
    return layout(told, choose).replace("</body>", data)


def list_page(number: int, last: int) -> str:
    """One list page; the last has no link to a next one."""
    first = (number - 1) * A_LIST + 1
    rows = "".join(
        f'<li><a href="/a/{n}.html">{article(n).title}</a><span>{article(n).published:%Y-%m-%d}</span></li>'
        for n in range(first, first + A_LIST)
    )
    following = f'<a class="next" href="/list/{number + 1}.html">下一页</a>' if number < last else ""
    return f"<html><head><meta charset=utf-8><title>要闻</title></head><body><ul>{rows}</ul>{following}</body></html>"


def _sentence(choose: random.Random) -> str:
    return choose.choice(SENTENCES).format(
        place=choose.choice(PLACES),
        matter=choose.choice(MATTERS),
        day=choose.randint(1, 28),
        hour=choose.randint(2, 23),
        n=choose.randint(3, 480),
    )


def _head(told: Article, extra: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{told.title}_渤海湾要闻网</title>{extra}'
        f"<style>{''.join(STYLE.format(n=n) for n in range(60))}</style><script>{SCRIPT * 20}</script></head>"
    )


def _links(choose: random.Random, count: int, name: str) -> str:
    rows = "".join(
        f'<li class="item"><a href="/a/{choose.randint(1, 99999)}.html" target="_blank">{choose.choice(PLACES)}{choose.choice(MATTERS)}近况</a>'
        f'<em class="t">{choose.randint(1, 23)}小时前</em></li>'
        for _ in range(count)
    )
    return f'<div class="{name}"><h3>热门</h3><ul>{rows}</ul></div>'


def _comments(choose: random.Random, count: int) -> str:
    return "".join(
        f'<div class="comment-item"><span class="user">网友{choose.randint(1, 9999)}</span><p>{_sentence(choose)}</p><a href="#">回复</a></div>'
        for _ in range(count)
    )


def _portal(told: Article, choose: random.Random) -> str:
    meta = f'<meta property="article:published_time" content="{told.published:%Y-%m-%dT%H:%M:00+08:00}">'
    nav = _links(choose, 60, "nav")
    text = "".join(f"<p>　　{p}</p>" for p in told.paragraphs)
    return (
        f'{_head(told, meta)}<body><div class="header">{nav}</div><div class="main"><h1>{told.title}</h1>'
        f'<div class="info">{told.published:%Y-%m-%d %H:%M:%S} 来源：滨海时报 <span>阅读 {choose.randint(10, 9999)}</span></div>'
        f'<div class="post_text"><img src="/img/{choose.randint(1, 99)}.jpg" alt="现场图片" width="600">{text}'
        f'<p>责任编辑：示例</p></div><div class="share">分享到：微信 微博</div></div>{_links(choose, 80, "sidebar")}'
        f'<div class="comments">{_comments(choose, 25)}</div><div class="footer">版权所有 © 2026</div></body></html>'
    )


def _government(told: Article, choose: random.Random) -> str:
    text = "".join(f'<p style="text-indent:2em"><span style="font-size:16px">{p}</span></p>' for p in told.paragraphs)
    return (
        f'{_head(told)}<body><form id="f"><table width="100%"><tr><td>{_links(choose, 50, "menu")}</td></tr><tr><td class="bt">{told.title}</td></tr>'
        f"<tr><td>发布时间：{told.published:%Y年%m月%d日 %H:%M}　来源：某海洋预报台　浏览次数：{choose.randint(1, 999)}</td></tr>"
        f'<tr><td><div class="TRS_Editor">{text}</div></td></tr></table></form>{_links(choose, 60, "list")}<script>{SCRIPT * 40}</script></body></html>'
    )


def _account(told: Article, choose: random.Random) -> str:
    text = "".join(f"<section><section><span>{p}</span></section></section>" for p in told.paragraphs)
    return (
        f'{_head(told)}<body><h2 id="activity-name">{told.title}</h2><em id="post-date">{told.published:%Y-%m-%d %H:%M}</em>'
        f'<div id="js_content">{text}</div><script>{SCRIPT * 120}</script>{_links(choose, 20, "related")}</body></html>'
    )


def _lines(told: Article, choose: random.Random) -> str:
    text = "<br><br>".join(f"　　{p}" for p in told.paragraphs)
    return (
        f'{_head(told)}<body>{_links(choose, 90, "top-nav")}<div id="artibody"><h1>{told.title}</h1><div class="time">{told.published:%Y/%m/%d %H:%M}</div>{text}'
        f'</div><div class="related">{_links(choose, 40, "hot")}</div>{_comments(choose, 10)}</body></html>'
    )


async def serve(port: int, lists: int) -> None:
    """Serve list and article pages until cancelled, connections kept alive."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            status, body = _page(request.decode("latin-1").split(" ")[1], lists)
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def _page(path: str, lists: int) -> tuple[int, bytes]:
    match = re.fullmatch(r"/(list|a)/(\d+)\.html", path)
    if not match:
        return 404, b"not here"
    number = int(match[2])
    return 200, (list_page(number, lists) if match[1] == "list" else article_page(number)).encode()
