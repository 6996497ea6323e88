"""What a night came to, read from the store, and its table on screen."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime

from rich import box
from rich.console import Console
from rich.table import Table

from dashboard.labels import DRAFT_STATUS, HARVEST
from flows.night import BEIJING
from store.models import Case, Claim, DocumentRow, Draft, SourceRun, Topic
from store.models.drafts import DraftStatus
from store.sources import runs_of
from store.stages import HarvestState

TOP = 12
WIDTH_OF_A_FILE = 132  # columns where nobody's terminal says how wide it is


@dataclass(frozen=True, slots=True)
class NightlyReport:
    """One night's result; `runs` by source, `topics` by heat."""

    night: str
    now: datetime
    documents: int
    runs: tuple[SourceRun, ...]
    topics: tuple[Topic, ...]
    claims: tuple[Claim, ...]
    cases: tuple[Case, ...]
    drafts: tuple[Draft, ...]

    @property
    def unheard(self) -> tuple[SourceRun, ...]:
        """Runs that did not hear their source whole."""
        return tuple(run for run in self.runs if not HarvestState(run.state).is_good)


def report(night: str, *, now: datetime) -> NightlyReport:
    """The night as it stands in the store."""
    return NightlyReport(
        night=night,
        now=now,
        documents=DocumentRow.objects.count(),
        runs=tuple(runs_of(night)),
        topics=tuple(Topic.objects.filter(merged_into=None)[:TOP]),
        claims=tuple(Claim.objects.filter(status=Claim.TO_CHECK)[:TOP]),
        cases=tuple(Case.objects.filter(status=Case.OPEN).prefetch_related("deadlines")),
        drafts=tuple(Draft.objects.filter(status__in=[DraftStatus.DRAFT, DraftStatus.SUBMITTED, DraftStatus.APPROVED])),
    )


def show(night: NightlyReport) -> None:
    """Print the closing summary."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE, highlight=False)
    console.print(f"\n[bold]潮信 · {night.night} 夜间运行[/bold]  库中文稿 {night.documents} 篇\n")
    for table in (_sources(night), _topics(night), _claims(night), _cases(night), _drafts(night)):
        console.print(table)
    if night.unheard:
        lacking = "、".join(f"{run.source.title}（{HARVEST[run.state]}）" for run in night.unheard)
        heard = f"昨夜听到 {len(night.runs) - len(night.unheard)}/{len(night.runs)} 个来源"
        console.print(f"[yellow]{heard}；未能听全：{lacking}。没有听到不等于没有声音。[/yellow]")


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, expand=True)


def _sources(night: NightlyReport) -> Table:
    table = _table("来源", "来源", "状态", "条目", "新增", "改动", "说明")
    for run in night.runs:
        said = "" if HarvestState(run.state).is_good else run.message
        figures = (str(run.entries), str(run.added), str(run.changed))
        table.add_row(run.source.title, HARVEST[run.state], *figures, said)
    return table


def _topics(night: NightlyReport) -> Table:
    table = _table("最热话题", "热度", "篇数", "类别", "话题", "热度构成")
    for topic in night.topics:
        parts = " ".join(f"{part['name']}{part['value']:.0f}" for part in topic.heat_parts)
        table.add_row(f"{topic.heat:.0f}", str(topic.size), topic.category, topic.title, parts)
    return table


def _claims(night: NightlyReport) -> Table:
    table = _table("待核实信息", "优先", "转述", "说法", "线索")
    for claim in night.claims:
        cues = "、".join(dict.fromkeys(cue["words"] for cue in claim.cues))
        table.add_row(f"{claim.priority:.0f}", str(claim.spread), claim.assertion, cues)
    return table


def _cases(night: NightlyReport) -> Table:
    table = _table("须回应事项", "事项", "最近时限", "依据")
    for case in night.cases:
        clocks = list(case.deadlines.all())
        due = f"{clocks[0].due_at.astimezone(BEIJING):%m-%d %H:%M}" if clocks else "—"
        table.add_row(case.title, due, f"{clocks[0].title}：{clocks[0].article}" if clocks else "")
    return table


def _drafts(night: NightlyReport) -> Table:
    table = _table("待办稿件", "状态", "稿件", "依据")
    for draft in night.drafts:
        table.add_row(
            DRAFT_STATUS[draft.status], draft.title, "足够" if draft.enough else "不足：" + "；".join(draft.lacking)
        )
    return table
