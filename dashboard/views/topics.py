"""Topics: the list by heat, and one topic with all that belongs to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from dashboard.access import DeskRequest
from dashboard.charts import grouped, per_hour, timeline
from dashboard.paging import page_of
from dashboard.queries.filings import with_filings
from dashboard.queries.names import source_names
from dashboard.queries.topics import (
    HOURS,
    cases_of,
    documents_of,
    history_of,
    living,
    others,
    outlook_of,
    path_of,
    platforms_of,
    tags_of,
    times_of,
    with_hours,
    with_repeats,
)
from responders.roles import Act, may_act
from store.clock import clock
from store.models import AuditRow, Topic

TOPICS_A_PAGE, HOURS_A_BAR = 25, 2


def topic_list(request: DeskRequest) -> HttpResponse:
    """All living topics, hottest first."""
    now = clock()
    category = request.GET.get("category", "")
    topics = living().filter(category=category) if category else living()
    page = page_of(request, topics, size=TOPICS_A_PAGE)
    page.object_list = with_hours(list(page.object_list), now)
    categories = Topic.objects.filter(merged_into=None).exclude(category="").order_by("category")
    names = categories.values_list("category", flat=True).distinct()
    return render(
        request, "dashboard/topics.html", {"now": now, "page": page, "categories": names, "category": category}
    )


def topic_page(request: DeskRequest, code: str) -> HttpResponse:
    """One topic; a merged one leads to the topic it went into."""
    topic = get_object_or_404(Topic.objects.select_related("summary_document", "merged_into"), code=code)
    if topic.merged_into is not None:
        return redirect("topic", code=topic.merged_into.code)
    now = clock()
    times = times_of(topic)
    counts = grouped(per_hour(times, end=now, hours=HOURS), HOURS_A_BAR)
    page = page_of(request, documents_of(topic), size=20)
    page.object_list = with_filings(with_repeats(page.object_list))
    platforms = platforms_of(topic)
    return render(
        request,
        "dashboard/topic.html",
        {
            "now": now,
            "topic": topic,
            "timeline": timeline(
                counts, end=now, hours_a_bar=HOURS_A_BAR, label=f"近 {HOURS} 小时每 {HOURS_A_BAR} 小时的文档数"
            ),
            "shown": sum(counts),
            "total": len(times),
            "page": page,
            "platforms": platforms,
            "path": path_of(topic),
            "outlook": outlook_of(topic, now),
            "tags": tags_of(topic),
            "most": max((p.count for p in platforms), default=0),
            "names": source_names(),
            "claims": topic.claims.all(),
            "cases": cases_of(topic),
            "merge_refusal": may_act(request.user, Act.ARRANGE_TOPICS),
            "other_topics": others(topic),
            "acts": AuditRow.objects.filter(object_type="topic", object_id=topic.code).select_related("actor"),
            "history": history_of(topic),
        },
    )
