"""What the last night brought, added up over its sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Sum

from store.generations import work_of
from store.models import NightWork, SourceRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run over all sources: when, and what it added."""

    name: str
    started_at: datetime
    finished_at: datetime
    sources: int
    entries: int
    added: int
    changed: int
    skipped: int
    work: NightWork

    @property
    def work_lines(self) -> list[str]:
        """What it did beside hearing sources, in Chinese."""
        return work_lines(self.work)


def last_night() -> Night | None:
    """The newest nightly run; the watch's runs are not nights. Three queries."""
    nights = SourceRun.objects.exclude(night__startswith="watch")
    name = nights.order_by("-finished_at").values_list("night", flat=True).first()
    if name is None:
        return None
    sums = nights.filter(night=name).aggregate(
        started_at=Min("started_at"),
        finished_at=Max("finished_at"),
        sources=Count("source", distinct=True),
        entries=Sum("entries"),
        added=Sum("added"),
        changed=Sum("changed"),
        skipped=Sum("skipped"),
    )
    return Night(name=name, work=work_of(name), **sums)


def work_lines(work: NightWork) -> list[str]:
    """Sentences on what was judged anew, withdrawn and restored; [] where nothing was."""
    lines = []
    if work.rejudged or work.waiting:
        left = f"，还有 {work.waiting} 篇留待以后的夜间" if work.waiting else ""
        lines.append(f"模型或词表更新后重新判断 {work.rejudged} 篇文档，其中 {work.changed} 篇结果有变{left}。")
    moved = [f"移出 {work.withdrawn} 条"] if work.withdrawn else []
    moved += [f"恢复 {work.restored} 条"] if work.restored else []
    if moved:
        lines.append(f"待核实信息{'、'.join(moved)}，原因见各条说明。")
    return lines
