"""The queue, one draft with everything a signer has to see, and the verbs; every change goes through responders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest
from dashboard.queries.drafts import acts_on, buttons
from dashboard.queries.drafts import queue as queue_groups
from dashboard.queries.names import source_names
from responders.approve import approve
from responders.correct import correct
from responders.edit import edit
from responders.release import release
from responders.return_ import return_
from responders.roles import Verb
from responders.screening import screen
from responders.submit import submit
from responders.transitions import may
from responders.withdraw import withdraw
from store.clock import clock
from store.errors import NotAllowed, NotFound, StaleText
from store.models import Draft

Doing = Callable[[int, User, QueryDict, datetime], object]

DOINGS: dict[str, Doing] = {
    Verb.EDIT: lambda pk, who, typed, now: edit(
        pk, who, typed.get("text_hash", ""), title=typed.get("title", ""), body=typed.get("body", ""), now=now
    ),
    Verb.SUBMIT: lambda pk, who, _typed, now: submit(pk, who, now=now),
    Verb.APPROVE: lambda pk, who, typed, now: approve(pk, who, typed.get("text_hash", ""), now=now),
    Verb.RETURN: lambda pk, who, typed, now: return_(pk, who, typed.get("reason", ""), now=now),
    Verb.RELEASE: lambda pk, who, _typed, now: release(pk, who, now=now),
    Verb.WITHDRAW: lambda pk, who, typed, now: withdraw(pk, who, typed.get("reason", ""), now=now),
    Verb.CORRECT: lambda pk, who, _typed, now: correct(pk, who, now=now),
}
DONE = {
    Verb.EDIT: "已保存。若此前已提交或签发，需重新提交。",
    Verb.SUBMIT: "已提交，等待另一人签发。",
    Verb.APPROVE: "已签发。签发的就是您刚才看到的这份文字。",
    Verb.RETURN: "已退回，理由已记录。",
    Verb.RELEASE: "已发布，送达情况见下方“发布记录”。",
    Verb.WITHDRAW: "已撤回，理由已记录。",
    Verb.CORRECT: "已建立更正稿；原页面在更正稿发布前保持不变。",
}


def queue(request: DeskRequest) -> HttpResponse:
    """All drafts by status."""
    return render(request, "dashboard/queue.html", {"groups": queue_groups()})


def draft_page(request: DeskRequest, draft_id: int) -> HttpResponse:
    """One draft whole."""
    return _page(request, draft_id)


def _page(
    request: DeskRequest, draft_id: int, *, typed: QueryDict | None = None, is_stale: bool = False
) -> HttpResponse:
    """The draft's page; after a refused edit with what was typed, so that no work is lost.

    Where another saved meanwhile, the editor holds the other's text and what was typed stands beside it.
    """
    kept = typed if typed and not is_stale else None
    people = ("author", "last_editor", "submitted_by", "approved_by")
    rows = Draft.objects.select_related("case__topic", "case__claim", "case__holder", "supersedes", "bulletin", *people)
    draft = get_object_or_404(rows, pk=draft_id)
    records = draft.evidence.select_related("document", "bulletin")
    evidence = sorted(records, key=lambda record: (len(record.mark), record.mark))  # E2 before E10
    return render(
        request,
        "dashboard/draft.html",
        {
            "draft": draft,
            "title": kept.get("title", "") if kept else draft.title,
            "body": kept.get("body", "") if kept else draft.body,
            "unsaved": typed if is_stale else None,
            "deadlines": draft.case.deadlines.all(),
            "evidence": evidence,
            "findings": screen(draft.title, draft.body, evidence),
            "buttons": buttons(draft, request.user),
            "edit_refusal": may(draft, Verb.EDIT, request.user),
            "acts": acts_on(draft),
            "versions": draft.versions.select_related("editor").order_by("-number"),
            "releases": draft.releases.select_related("released_by").order_by("-released_at"),
            "successors": draft.superseded_by.all(),
            "names": source_names(),
        },
    )


@require_POST
def act(request: DeskRequest, draft_id: int, verb: str) -> HttpResponse:
    """Do one verb to a draft; a refusal is shown as it is."""
    if verb not in DOINGS:
        raise Http404
    try:
        done = DOINGS[verb](draft_id, request.user, request.POST, clock())
    except NotFound as error:
        raise Http404 from error
    except NotAllowed as error:
        messages.error(request, str(error))
        if verb != Verb.EDIT:
            return redirect("draft", draft_id=draft_id)
        return _page(request, draft_id, typed=request.POST, is_stale=isinstance(error, StaleText))
    messages.success(request, DONE[Verb(verb)])
    shown = done.pk if verb == Verb.CORRECT and isinstance(done, Draft) else draft_id
    return redirect("draft", draft_id=shown)
