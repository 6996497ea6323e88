"""A small, natural press room for the desk's tests and screenshots: people, documents, topics, claims, cases, drafts, warnings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group, User

from responders.roles import Role, ensure_roles
from responders.wording import text_hash
from store.models import (
    AnnotationRow,
    BulletinRow,
    Case,
    Claim,
    ClaimEvidence,
    Deadline,
    DocumentRow,
    DocumentVersion,
    Draft,
    DraftEvidence,
    DraftVersion,
    Incident,
    SourceOutage,
    SourceRun,
    SourceState,
    Topic,
    TopicMember,
)

NOW = datetime(2026, 1, 22, 18, 0, tzinfo=UTC)  # 2026-01-23 02:00 in Beijing
PASSWORD = "潮水-按时-来去-2026"


def hours(count: float) -> datetime:
    """That many hours before NOW."""
    return NOW - timedelta(hours=count)


def person(name: str, *roles: Role) -> User:
    """An account with these roles."""
    ensure_roles()
    user = User.objects.create_user(name, password=PASSWORD)
    user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    return user


def sha(text: str) -> str:
    """SHA-256 hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def source(slug: str, title: str, *, state: str = "ok", message: str = "", kind: str = "news") -> SourceState:
    """A source that ran last night, with that run."""
    is_good = state in ("ok", "not_modified", "nothing_new")
    row = SourceState.objects.create(
        slug=slug,
        title=title,
        kind=kind,
        state=state,
        message=message,
        last_run_at=NOW,
        last_good_at=NOW if is_good else hours(26),
        cadence_seconds=86400,
    )
    SourceRun.objects.create(
        source=row,
        night="2026-01-23",
        started_at=NOW - timedelta(minutes=2),
        finished_at=NOW,
        state=state,
        message=message,
        entries=40 if is_good else 0,
        added=38 if is_good else 0,
        changed=2 if is_good else 0,
        requests=12,
        bytes_received=120_000,
    )
    return row


HARBOUR = """# 港口论坛，2026年1月核对。
title: 港口论坛
publisher: 港口论坛
kind: discuz
url: http://127.0.0.1:9/forum.php
cadence: 1d
expect: {min: 1, max: 80}
terms: 论坛同意采集公开版块
allow_private: true
verified: true
"""


def source_with_a_past() -> SourceState:
    """The harbour board after five weeks of nights: lively, once down for two nights, silent now against its rhythm."""
    row = SourceState.objects.create(slug="harbour", title="港口论坛", kind="discuz", cadence_seconds=86400)
    for back in range(35, -1, -1):
        at = NOW - timedelta(days=back)
        state = "unreachable" if back in (13, 12) else "nothing_new" if back < 3 else "partial" if back == 20 else "ok"
        entries = 30 + back * 7 % 11 if state == "ok" else 9 if state == "partial" else 0
        SourceRun.objects.create(
            source=row,
            night=f"{at:%Y-%m-%d}",
            started_at=at,
            finished_at=at,
            state=state,
            message="连不上站点：连接被拒绝。" if state == "unreachable" else "",
            entries=entries,
            added=entries,
            requests=14,
            bytes_received=90_000,
        )
    row.state, row.last_run_at, row.last_good_at, row.last_entry_at = "nothing_new", NOW, NOW, NOW - timedelta(days=3)
    row.save()
    SourceOutage.objects.create(
        source=row,
        matter="unheard",
        reason="连续 2 次没有听到，上次听到是 1月9日 02:00。连不上站点：连接被拒绝。",
        began_at=NOW - timedelta(days=12),
        told_at=NOW - timedelta(days=12),
        ended_at=NOW - timedelta(days=11),
        is_open=None,
    )
    return row


def document(
    text: str,
    *,
    title: str = "",
    source: str = "board",
    kind: str = "discuz",
    at: datetime | None = None,
    words: str = "",
    original: DocumentRow | None = None,
    **annotated: object,
) -> DocumentRow:
    """A document with its first version and an annotation."""
    url = f"https://example.invalid/{sha(title + text + str(DocumentRow.objects.count()))[:12]}"
    row = DocumentRow.objects.create(
        url=url,
        url_hash=sha(url),
        source=source,
        kind=kind,
        title=title,
        text=text,
        text_hash=sha(text),
        published_at=at or hours(5),
        first_seen_at=NOW,
        last_seen_at=NOW,
        words=words or " ".join(text),
        duplicate_of=original,
        similarity=0.97 if original else None,
    )
    DocumentVersion.objects.create(document=row, number=1, title=title, text=text, text_hash=row.text_hash, seen_at=NOW)
    values: dict[str, object] = {
        "relevant": True,
        "relevance": 0.93,
        "category": "海域使用",
        "stance": "against",
        "emotion": "negative",
        "voice": "complaint",
        "claim_risk": 0.4,
        "cues": [{"name": "urgency", "words": "赶紧"}],
        "places": [{"name": "南港工业区", "within": "滨海新区", "longitude": None, "latitude": None}],
        "reasons": ["出现涉海词：围填海、海域使用权"],
        "model": "test-1",
    }
    AnnotationRow.objects.create(document=row, text_hash=row.text_hash, **(values | annotated))
    return row


def topic(code: str, title: str, documents: list[DocumentRow], *, heat: float = 60.0) -> Topic:
    """A topic of these documents."""
    times = sorted(d.published_at for d in documents)
    row = Topic.objects.create(
        code=code,
        title=title,
        summary=documents[0].text[:80],
        summary_document=documents[0],
        category="海域使用",
        keywords=["围填海", "南港", "土方", "独流减河"],
        first_document=documents[0],
        first_at=times[0],
        last_at=times[-1],
        size=len(documents),
        heat=heat,
        heat_parts=[
            {"name": "规模", "value": heat * 0.5, "detail": f"近 24 小时 {len(documents)} 条，去重后计"},
            {"name": "增长", "value": heat * 0.3, "detail": "近 6 小时为此前平均的 3.2 倍"},
            {"name": "跨平台", "value": heat * 0.2, "detail": "出现在 2 类平台"},
        ],
    )
    TopicMember.objects.bulk_create([TopicMember(topic=row, document=d) for d in documents])
    return row


def bulletin(
    number: str, *, level: str = "橙色", at: datetime | None = None, message_type: str = "Alert", **more: object
) -> BulletinRow:
    """An official warning, as published."""
    word = {"Cancel": "解除风暴潮警报"}.get(message_type, f"风暴潮{level}警报")
    return BulletinRow.objects.create(
        key=sha(number),
        issuer="天津市海洋环境监测预报中心",
        number=number,
        hazard="风暴潮",
        message_type=message_type,
        level="" if message_type == "Cancel" else level,
        areas=[["塘沽岸段", level], ["汉沽岸段", "黄色"]],
        issued_at=at or hours(6),
        headline=f"天津市海洋环境监测预报中心发布{word}",
        text="受强冷空气和出海气旋影响，预计今天夜间到22日上午，天津沿海将出现80到150厘米的温带风暴增水。",
        source="institution",
        received_at=at or hours(6),
        **more,
    )


def case(key: str, title: str, *, due: datetime | None = None, **more: object) -> Case:
    """An open case with one running clock."""
    row = Case.objects.create(
        key=key,
        title=title,
        rule="hot_topic",
        reason="话题热度 72，超过立项线 60；近 24 小时 46 条，其中投诉与举报 21 条。",
        opened_at=hours(3),
        **more,
    )
    Deadline.objects.create(
        case=row,
        rule="first_response",
        title="首次回应",
        article="国办发〔2016〕61号：其他政务舆情48小时内予以回应",
        due_at=due or NOW + timedelta(hours=45),
    )
    return row


BODY = """近日，有网民反映南港工业区东侧有车辆夜间向海边倾倒土方。[E1]我局高度重视，已安排执法人员赴现场核查。

经查阅海域使用权登记，核查情况将在24小时内公布。

天津市海洋局
2026年1月23日"""


def draft(
    of: Case, *, title: str = "关于网民反映南港夜间倾倒土方的回应", cites: DocumentRow | None = None, **more: object
) -> Draft:
    """A machine's draft with one record."""
    row = Draft.objects.create(
        key=f"case:{of.key}:{of.drafts.count()}",
        case=of,
        kind="response",
        title=title,
        body=BODY,
        machine_title=title,
        machine_body=BODY,
        template="response@1",
        text_hash=text_hash(title, BODY),
        created_at=hours(2),
        changed_at=hours(2),
        drill=of.drill,
        **more,
    )
    DraftVersion.objects.create(
        draft=row, number=1, title=title, body=BODY, text_hash=row.text_hash, editor=None, at=hours(2)
    )
    if cites is not None:
        DraftEvidence.objects.create(
            draft=row, mark="E1", document=cites, label="滨海论坛网帖，1月20日", quote=cites.text[:60], url=cites.url
        )
    return row


@dataclass(frozen=True, slots=True)
class Room:
    """What `press_room` made."""

    officer: User
    reviewer: User
    approver: User
    administrator: User
    reader: User
    post: DocumentRow
    topic: Topic
    claim: Claim
    case: Case
    draft: Draft
    warning: BulletinRow


def press_room() -> Room:
    """One of everything, joined as the nightly joins them."""
    people = [person(name, role) for name, role in zip(("lin", "zhao", "chen", "guan", "du"), Role, strict=True)]
    source("board", "滨海论坛", kind="discuz")
    source("news", "渤海湾新闻网", state="not_modified", message="与上次相比没有变化。")
    source(
        "wall",
        "某社区",
        state="login_wall",
        message="对方要求登录后才能阅读，本台不登录抓取；请改用其公开栏目。",
        kind="discuz",
    )
    post = document(
        "连着三宿了，南港工业区东头独流减河口那块，渣土车一辆接一辆往海边卸土，推土机在那儿推。",
        title="南港那边半夜往海里倒土，有人管吗？",
        at=hours(40),
        words="南港 工业区 围填海 倒土 海边",
    )
    others = [document(f"南港填海的事{i}，有没有海域使用权？", at=hours(30 - i)) for i in range(12)]
    repeats = [document(post.text, source="news", kind="news", at=hours(20 - i), original=post) for i in range(3)]
    document(
        "大港油田今日产量稳定。", title="大港油田新闻", relevant=False, relevance=0.04, category="", words="大港 油田"
    )
    members = [post, *others, *repeats]
    hot = topic("T20260120-3f9a", "南港夜间倾倒土方疑似围填海", members, heat=72)
    claim = Claim.objects.create(
        key=sha("claim"),
        assertion="朋友说塘沽的海鲜都有毒了，医院住满了人，大家转告",
        touches=["海鲜", "塘沽居民"],
        cues=[{"name": "urgency", "words": "大家转告"}],
        flags=["地点与官方信息不同：官方信息所说为汉沽。"],
        matches=[],
        risk=0.8,
        priority=77,
        topic=hot,
        first_document=post,
        first_at=hours(30),
        spread=9,
    )
    ClaimEvidence.objects.create(claim=claim, document=others[0], role="asserts")
    ClaimEvidence.objects.create(claim=claim, document=others[1], role="doubts")
    matter = case("topic:T20260120-3f9a", "南港夜间倾倒土方", topic=hot)
    incident = Incident.objects.create(
        code="I20260120", hazard="风暴潮", title="1月20日风暴潮过程", opened_at=hours(40)
    )
    first = bulletin("津海预警〔2026〕第4号", level="黄色", at=hours(16), incident=incident)
    warning = bulletin("津海预警〔2026〕第6号", at=hours(6), incident=incident, supersedes=first, message_type="Update")
    Claim.objects.filter(pk=claim.pk).update(
        matches=[{"bulletin": warning.pk, "score": 0.71, "why": "同一地点、同一时段"}]
    )
    officer, reviewer, approver, administrator, reader = people
    return Room(
        officer, reviewer, approver, administrator, reader, post, hot, claim, matter, draft(matter, cites=post), warning
    )
