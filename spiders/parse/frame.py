"""The lines that stand round an article on Chinese pages and are no part of it: editors, sources, share bars, further reading."""

from __future__ import annotations

import re

LONGEST = 60  # characters of a line of the frame
LONGEST_NOTICE = 140  # of a notice about copyright
AFTERWARDS = 0.4  # what follows a heading of further reading is cut when it is at most this share of the text
OPEN, CLOSE = r"[\s\-—|（(\[【〔▲●■◆*]*", r"[\s:：/|｜︱丨】\])）〕]"
# Never a sentence's beginning.
ALWAYS = re.compile(
    rf"^{OPEN}(?:责任编辑|责编|编审|值班编辑|本文编辑|原标题|本文来源|文章来源|稿件来源|稿源|分享(?:到|至)|转发(?:到|至)|扫一扫|微信扫|扫码|扫描二维码|长按(?:识别)?二维码"
    rf"|上一[篇页]|下一[篇页]|我要纠错|纠错|相关(?:阅读|新闻|链接|推荐|文章|报道)|推荐阅读|延伸\s*[·•]?\s*(?:阅读|推荐)|点击(?:进入|查看|下载|关注|阅读原文|图片)"
    rf"|关注(?:该|我们|微信)?公众号|您的浏览器|浏览器不支持|正在加载|已有\d+人|返回(?:首页|列表|顶部|目录)|打印本页|关闭(?:本页|窗口)|加入收藏|字[号体]\s*[:：【\[]"
    rf"|图片?均?来(?:自|源于)网络|信息来源于网络|相关资讯请关注|更多(?:内容|精彩|资讯|新闻))"
)
# Labels when something like a colon or nothing follows.
LABELS = re.compile(
    rf"^{OPEN}(?:编辑|审核|校对|监制|统筹|终审|复审|初审|来源|作者|记者|通讯员|撰文|执笔|供稿|摄影|出品|制作|策划|文字|图片|图|文|文/图|图/文|发布(?:时间|日期|者|人|机构)|时间|日期|更新时间"
    rf"|浏览(?:次数|量)?|点击(?:数|量|次数)?|阅读(?:次数|数|量)?|打印|关闭|返回|收藏|点赞|赞|评论|跟贴|分享|转发|更多|图集|热词|热帖|关键[词字]|标签|字号|字体|大|中|小|纠错)(?:{CLOSE}|$)"
)
BYLINE = re.compile(
    r"^[（(【\[]?(?:[^，。！？；]{0,16}?)(?:记者|通讯员|特约撰稿人?|实习生|作者|编辑|供稿|摄影|摄|文|图)\s*[:：/|｜︱丨\s]\s*[\u4e00-\u9fff·、\s]{2,20}"
    r"(?:(?:编辑|校对|摄影|实习生|通讯员|审核|供稿|图|文)[:：/|｜︱丨\s]*[\u4e00-\u9fff·、\s]{2,12}){0,2}[）)】\]]?$"
)
DATELINE = re.compile(r"^[\d年月日时分秒\-/.:：\s]{8,}(?:(?:来源|稿源).{0,30})?$")
FURTHER = re.compile(
    rf"^{OPEN}(?:延伸\s*[·•]?\s*(?:阅读|推荐)|相关(?:阅读|新闻|链接|推荐|文章|报道)|推荐阅读|更多(?:阅读|新闻|推荐)|猜你喜欢|热门(?:推荐|文章|新闻)|往期(?:回顾|推荐)|精彩推荐){CLOSE}*$"
)
NOTICE = re.compile(
    r"^[\s（(【\[※*]*(?:本文(?:为|系|来自|由|仅代表)|特别声明|免责声明|版权声明|郑重声明|声明\s*[:：]|本站声明|以上内容|转载(?:请|须|自)|未经(?:授权|许可|允许)|欢迎(?:转载|关注)|Notice\s*:|请支持独立)"
    r"|(?:禁止转载|不得转载|版权所有|追究(?:法律|其)责任|权益归|原创文章)"
)
COMPILED = re.compile(
    r"^[（(【\[](?:综合|整理|来源|据|原载|编译|本文)?[^）)】\]]{0,40}(?:整理|综合|来源|原载|编译|供图|供稿)[^）)】\]]{0,30}[）)】\]]$"
)


def without_frame(text: str, *, title: str) -> str:
    """The body without the title above it, the lines round it, and what is offered to read after it."""
    lines = [line for line in text.split("\n") if line.strip() and not re.fullmatch(r"[\W_]{1,4}", line)]
    lines = _after_head(lines, title)
    lines = _before_further(lines)
    while lines and _is_tail(lines[-1]):
        lines.pop()
    return "\n".join(line for line in lines if not (len(line) <= LONGEST and ALWAYS.match(line)))


def is_frame(line: str) -> bool:
    """Whether a line belongs to the frame wherever it stands round a body."""
    if len(line) > LONGEST:
        return False
    return bool(ALWAYS.match(line)) or bool(LABELS.match(line) and "。" not in line.rstrip("。"))


def _after_head(lines: list[str], title: str) -> list[str]:
    """The lines after the title, on one line or several, and what stands with it."""
    start, said, head = 0, "", _bare(title)
    while start < len(lines):
        line = _bare(lines[start])
        if head and line == head:
            said = ""
        elif head.startswith(said + line) and (said or len(lines) > start + 1):
            said += line
        elif not _is_head(lines[start]):
            break
        start += 1
    return lines[start:] if not said or said == head else lines


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _is_head(line: str) -> bool:
    return is_frame(line) or (len(line) <= LONGEST and bool(DATELINE.match(line) or BYLINE.match(line)))


def _is_tail(line: str) -> bool:
    if len(line) <= LONGEST_NOTICE and NOTICE.search(line):
        return True
    return _is_head(line) or (len(line) <= LONGEST and bool(COMPILED.match(line)))


def _before_further(lines: list[str]) -> list[str]:
    """The lines before a heading such as 延伸阅读 near the end."""
    whole = sum(map(len, lines))
    before = 0
    for number, line in enumerate(lines):
        if before and FURTHER.match(line) and whole - before <= AFTERWARDS * before:
            return lines[:number]
        before += len(line)
    return lines
