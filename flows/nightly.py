"""The nightly run: from sources to the queue, one stage a line."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from prefect import flow
from rich.console import Console

from flows import collect, stages
from flows.annotate import batches_waiting
from flows.night import night_of
from flows.progress import shown
from flows.report import NightlyReport, report
from store.clock import clock


@flow(name="nightly", task_runner=cast(Any, stages.RUNNER), validate_parameters=False)
def nightly(now: datetime | None = None) -> NightlyReport:
    """Hear, understand, prepare: one night from sources to the queue.

    sources ─ collect ─▶ harvests            a process a batch; a source's failure is its named state
            ─ ingest ──▶ documents           one a URL; edits kept as versions
            ─ relay ───▶ bulletins, updates  official warnings, never computed
            ─ dedupe ──▶ originals, repeats  the earliest publication is the original
            ─ annotate ▶ annotations         relevance, category, stance, cues
            ─ track ───▶ topics              stable ids, heat with its parts
            ─ assess ──▶ claims              to be checked, never branded
            ─ prepare ─▶ cases, drafts       stated rules, deadlines, evidence
            ─ look after ▶ outages           told once when one begins and once when it ends
            ─ tidy                           raw responses past retention go, deliveries are tried again
    """
    now = now or clock()
    night = night_of(now)
    with shown(Console(stderr=True)) as steps:
        harvests = stages.collect_all(steps, collect.jobs(collect.sources_in_force()), run=night, now=now)
        steps.once("转达官方预警", lambda: stages.relay_bulletins(stages.opaque(harvests), night=night, now=now))
        stages.ingest_all(steps, harvests, night=night, now=now)
        collect.drop_spool(night)
        steps.once("查找转载", lambda: stages.dedupe_documents(now=now))
        steps.each("阅读标注", batches_waiting(), stages.annotate_batch)
        steps.once("跟踪话题", lambda: stages.track_topics(night=night, now=now))
        steps.once("待核实信息", lambda: stages.assess_claims(now=now))
        steps.once("立项拟稿", lambda: stages.prepare_answers(now=now))
        steps.once("来源体检", lambda: stages.look_after_sources(now=now))
        steps.once("清理收尾", lambda: stages.tidy_up(now=now))
    return report(night, now=now)
