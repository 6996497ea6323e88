"""What people put right: filing a document, moving it to another topic, merging two topics."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest
from dashboard.forms.filing import FilingForm
from responders.file_document import file_document
from responders.merge_topics import merge_topics
from responders.move_document import move_document
from store.clock import clock
from store.errors import NotAllowed, NotFound


@require_POST
def file(request: DeskRequest, document_id: int) -> HttpResponse:
    """Keep what the person says of a document."""
    filing = FilingForm(request.POST).filing()
    try:
        file_document(document_id, request.user, filing, request.POST.get("read", ""), now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已记录您的判断，机器的判断仍保留备查。")
    return redirect("document", document_id=document_id)


@require_POST
def move(request: DeskRequest, document_id: int) -> HttpResponse:
    """Put a document into the chosen topic, or one of its own."""
    try:
        topic = move_document(document_id, request.POST.get("topic", ""), request.user, now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"已移到话题“{topic.title}”，今后的运行不会再改动。")
    return redirect("document", document_id=document_id)


@require_POST
def merge(request: DeskRequest, code: str) -> HttpResponse:
    """Let this topic live on in the chosen one."""
    try:
        kept = merge_topics(code, request.POST.get("topic", ""), request.user, now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
        return redirect("topic", code=code)
    messages.success(request, "两个话题已合并，待核实信息、事项和稿件都已转入。")
    return redirect("topic", code=kept.code)
