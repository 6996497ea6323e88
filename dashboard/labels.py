"""The one place where stored values become Chinese words on the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nlp.tags import short_names
from responders.roles import ROLE_WORDS
from responders.transitions import STATUS_WORDS
from spiders.health import Matter, Standing
from store.stages import HarvestState, MessageType, SourceKind

HARVEST: Final[dict[str, str]] = {
    HarvestState.OK: "正常",
    HarvestState.NOT_MODIFIED: "未更新",
    HarvestState.NOTHING_NEW: "无新内容",
    HarvestState.EMPTY: "空响应",
    HarvestState.PARTIAL: "部分成功",
    HarvestState.TRUNCATED: "内容被截断",
    HarvestState.PARSE_FAILED: "解析失败",
    HarvestState.BLOCKED: "被拒绝",
    HarvestState.LOGIN_WALL: "需要登录",
    HarvestState.ROBOTS_DENIED: "对方不允许抓取",
    HarvestState.TIMED_OUT: "超时",
    HarvestState.UNREACHABLE: "无法连接",
    HarvestState.FAILED: "运行失败",
    "": "尚未运行",
}
KIND: Final[dict[str, str]] = {
    SourceKind.FEED: "订阅源",
    SourceKind.NEWS: "新闻网站",
    SourceKind.MASTODON: "微博客",
    SourceKind.DISCUZ: "论坛",
    SourceKind.BOARD: "论坛",
    SourceKind.DISCOURSE: "论坛",
    SourceKind.NODEBB: "论坛",
    SourceKind.TIEBA: "贴吧",
    SourceKind.MESSAGES: "市民留言",
    SourceKind.CAP: "预警信息源",
    SourceKind.BULLETIN: "预警公告",
    SourceKind.SITEMAP: "新闻站点地图",
    SourceKind.WORDPRESS: "WordPress 网站",
    SourceKind.WEIBO: "微博",
    SourceKind.IMAP: "来信邮箱",
    SourceKind.FILES: "表格文件",
}
MESSAGE_TYPE: Final[dict[str, str]] = {
    MessageType.ALERT: "发布",
    MessageType.UPDATE: "变更",
    MessageType.CANCEL: "解除",
}
DRAFT_STATUS: Final[dict[str, str]] = {status.value: word for status, word in STATUS_WORDS.items()}
DRAFT_KIND: Final[dict[str, str]] = {"response": "回应", "clarification": "情况说明", "update": "灾害动态"}
RELEASE_STATUS: Final[dict[str, str]] = {
    "pending": "发送中",
    "sent": "已送达",
    "failed": "发送失败",
    "withdrawn": "已撤下",
}
CHANNEL: Final[dict[str, str]] = {"portal": "门户网站", "drill": "演练（不对外）"}
ROLE: Final[dict[str, str]] = {role.value: word for role, word in ROLE_WORDS.items()}
STANCE: Final[dict[str, str]] = {"favour": "支持", "against": "反对", "none": "无明显立场"}
EMOTION: Final[dict[str, str]] = {"happy": "积极", "neutral": "平和", "negative": "消极"}
VOICE: Final[dict[str, str]] = {
    "question": "提问",
    "complaint": "投诉",
    "report": "举报",
    "suggestion": "建议",
    "praise": "表扬",
    "news": "报道",
    "official": "官方发布",
    "chat": "闲谈",
}
CLAIM_STATUS: Final[dict[str, str]] = {
    "to_check": "待核实",
    "confirmed": "属实",
    "refuted": "不实",
    "set_aside": "不处理",
}
CASE_STATUS: Final[dict[str, str]] = {"open": "办理中", "answered": "已回应", "closed": "已办结"}
POLICY_TAG: Final[dict[str, str]] = short_names()
EVIDENCE_ROLE: Final[dict[str, str]] = {"asserts": "转述", "doubts": "质疑", "official": "官方信息"}
AUDIT_VERB: Final[dict[str, str]] = {
    "create": "生成",
    "prepare": "生成草稿",
    "open": "立项",
    "receive": "收到",
    "refuse": "未能读懂",
    "meet_deadline": "完成时限",
    "correct": "建立更正稿",
    "accept": "接受邀请",
    "move_cadence": "加密抓取",
    "restore_cadence": "恢复频率",
    "edit": "修改",
    "submit": "提交",
    "approve": "签发",
    "return": "退回",
    "release": "发布",
    "deliver": "送达",
    "withdraw": "撤回",
    "supersede": "替代",
    "take": "接办",
    "judge": "认定",
    "file": "人工判断",
    "move": "移动话题",
    "merge": "合并话题",
    "train": "训练模型",
    "restore_models": "恢复模型",
    "view": "查看",
    "export": "导出",
    "import": "导入",
    "declare": "启动应急",
    "stand_down": "解除应急",
    "pause": "暂停来源",
    "resume": "恢复来源",
    "revert": "恢复来源文件",
    "try": "试听来源",
    "invite": "发出邀请",
    "join": "建立账号",
    "disable": "停用账号",
    "enable": "启用账号",
    "role": "调整角色",
    "signin": "登录",
    "signout": "退出",
}
AUDIT_OBJECT: Final[dict[str, str]] = {
    "draft": "稿件",
    "case": "事项",
    "claim": "待核实信息",
    "models": "模型",
    "document": "文档",
    "known_answers": "已知答复",
    "documents": "文档列表",
    "topic": "话题",
    "source": "来源",
    "emergency": "应急状态",
    "bulletin": "预警",
    "incident": "灾害过程",
    "entry": "条目",
    "release": "发布记录",
    "user": "人员",
    "account": "人员",
    "invitation": "邀请",
}
STANDING: Final[dict[str, str]] = {
    Standing.OUT: "中断",
    Standing.WATCH: "需要留意",
    Standing.UNRUN: "还没有听过",
    Standing.HEARD: "正常",
    Standing.PAUSED: "已暂停",
    "off": "未启用",
}
STANDING_TONE: Final[dict[str, str]] = {Standing.OUT: "bad", Standing.WATCH: "warn", Standing.HEARD: "good"}
OUTAGE: Final[dict[str, str]] = {Matter.UNHEARD: "没有听到", Matter.SILENT: "长时间没有新内容"}
TABLES: Final[dict[str, dict[str, str]]] = {
    "harvest": HARVEST,
    "kind": KIND,
    "standing": STANDING,
    "outage": OUTAGE,
    "message_type": MESSAGE_TYPE,
    "draft_status": DRAFT_STATUS,
    "draft_kind": DRAFT_KIND,
    "release_status": RELEASE_STATUS,
    "channel": CHANNEL,
    "role": ROLE,
    "stance": STANCE,
    "emotion": EMOTION,
    "voice": VOICE,
    "claim_status": CLAIM_STATUS,
    "case_status": CASE_STATUS,
    "policy_tag": POLICY_TAG,
    "evidence_role": EVIDENCE_ROLE,
    "audit_verb": AUDIT_VERB,
    "audit_object": AUDIT_OBJECT,
}


def label(table: str, value: object) -> str:
    """The Chinese word for a stored value; a value without one is shown as it is rather than hidden."""
    return TABLES[table].get(str(value), str(value))


def harvest_tone(state: str) -> str:
    """The colour class of a source's state: good, warn (something was heard) or bad (nothing was)."""
    if not state:
        return "idle"
    found = HarvestState(state)
    if found.is_good:
        return "good"
    return "warn" if found in (HarvestState.PARTIAL, HarvestState.TRUNCATED) else "bad"


SAID: Final[dict[str, dict[str, str]]] = {
    "relevance": {"yes": "涉海", "no": "不涉海"},
    "claim": {"yes": "是，须核实", "no": "不是"},
    "voice": VOICE,
    "stance": STANCE,
}


def offered(what: str, value: str) -> str:
    """The Chinese word for what a person or the machine says on one side of a document; matters are words already."""
    return SAID.get(what, {}).get(value, value)


DETAIL: Final[dict[str, str]] = {
    "changes": "改动",
    "values": "恢复的项",
    "state": "状况",
    "entries": "收到",
    "reason": "理由",
    "from": "原状态",
    "to": "现状态",
    "text_hash": "文字指纹",
    "version": "第几稿",
    "channel": "渠道",
    "slug": "页面",
    "rows": "条数",
    "status": "状态",
    "role": "岗位",
    "title": "名称",
    "drill": "演练",
    "sources": "来源",
    "rule": "规则",
    "voids_approval_by": "作废签发",
    "voided_hash": "作废的文字指纹",
    "draft": "稿件",
    "by": "由",
    "key": "键",
    "enough": "依据齐备",
    "template": "模板",
    "issuer": "发布单位",
    "number": "编号",
    "type": "类别",
    "code": "代号",
    "hazard": "灾种",
    "user": "人员",
    "from_user": "原办理人",
    "username": "用户名",
    "q": "词语",
    "source": "来源",
    "kind": "类型",
    "category": "类别",
    "relevant": "是否涉海",
    "relevance": "是否涉海",
    "part": "细类",
    "voice": "语气",
    "stance": "立场",
    "claim": "须核实的说法",
    "machine_relevance": "机器：是否涉海",
    "machine_category": "机器：类别",
    "machine_part": "机器：细类",
    "machine_voice": "机器：语气",
    "machine_stance": "机器：立场",
    "machine_claim": "机器：须核实的说法",
    "model": "模型",
    "gone": "并入的话题代号",
    "gone_title": "并入的话题",
    "from_topic": "原话题",
    "to_topic": "现话题",
    "documents": "文档数",
    "desk_labels": "人工判断数",
    "tag": "报送分类",
    "start": "自",
    "end": "至",
}


HASH: Final = re.compile(r"\b([0-9a-f]{10})[0-9a-f]{22,}\b")


def detail(facts: Mapping[str, object]) -> str:
    """An act's record in one line: 理由：…；现状态：待签发; empty values are left out, hashes shortened."""
    return "；".join(
        f"{DETAIL.get(key, key)}：{_fact(key, value)}"
        for key, value in facts.items()
        if value not in ("", None, [], False)
    )


def _fact(key: str, value: object) -> str:  # noqa: PLR0911 - one line a kind of fact
    match key, value:
        case (("from" | "to"), str()):
            return DRAFT_STATUS.get(value) or CLAIM_STATUS.get(value) or value
        case (("text_hash" | "voided_hash"), str()):
            return f"{value[:12]}…"
        case ("type", str()):
            return label("message_type", value)
        case (("role" | "channel" | "kind"), str()):
            return label(key, value)
        case ("state", str()):
            return label("harvest", value)
        case (_, str()) if key.removeprefix("machine_") in SAID:
            return offered(key.removeprefix("machine_"), value)
        case ("tag", str()):
            return label("policy_tag", value)
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "是" if value is True else HASH.sub(r"\1…", str(value))
