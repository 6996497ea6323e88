"""An answer that was not what was asked for, to the Chinese words that say so, with its address."""

from __future__ import annotations

from spiders.saved import Saved
from store.stages import HarvestState

# What each status says; kinds know a status by its words where all they are given is the detail of a bad answer.
SAID = {
    400: "请求无效（400）",
    401: "要求登录（401）",
    403: "拒绝访问（403）",
    404: "页面不存在（404）",
    410: "页面已删除（410）",
    412: "被防火墙拦截（412）",
    418: "拒绝自动访问（418）",
    429: "请求过多（429）",
    432: "拒绝未登录的访问（432）",
    521: "被防火墙拦截（521）",
}


def told(saved: Saved, state: HarvestState) -> str:
    """The words for a bad answer of `state`: its status or what it showed instead, how long it asks us to wait, its address."""
    where = saved.asked or saved.url
    said = SAID.get(saved.status, f"回答 {saved.status}") if saved.status >= 400 else _plain(saved, state)
    again = saved.headers.get("retry-after", "")
    return f"{said}{f'，要求 {again} 秒后再来' if again.isdigit() else ''}（{where}）"


def _plain(saved: Saved, state: HarvestState) -> str:
    return {
        HarvestState.EMPTY: f"回答 200，正文 {len(saved.body)} 字节",
        HarvestState.LOGIN_WALL: "转到了登录页" if saved.url != saved.asked else "页面要求登录",
        HarvestState.BLOCKED: "出现验证码或拦截页面",
        HarvestState.TRUNCATED: f"只收到 {len(saved.body)} 字节，正文不完整",
        HarvestState.PARSE_FAILED: f"返回的不是文字（{saved.content_type or '类型不明'}）",
    }.get(state, state.value)
