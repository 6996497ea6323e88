"""Pages for what went wrong, in Chinese and saying what to do; and the sign of life."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 and "ok" while the desk answers."""
    return HttpResponse("ok", content_type="text/plain")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role does not allow it."""
    text = str(exception) or "您的岗位没有权限查看此页。"
    return render(request, "dashboard/message.html", {"title": "没有权限", "text": text}, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404: nothing has this address."""
    text = "没有找到这个页面。它可能已合并或被删除，请从导航重新进入。"
    return render(request, "dashboard/message.html", {"title": "没有找到", "text": text}, status=404)


def broken(_request: HttpRequest) -> HttpResponse:
    """500: our own mistake; the page needs neither database nor session."""
    return HttpResponse(render_to_string("dashboard/broken.html"), status=500)
