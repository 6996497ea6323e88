"""The emergency switch: what stands, declaring, standing down, and what there was."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest
from dashboard.forms.emergency import Declare
from dashboard.queries.names import source_names
from responders.declare import declare
from responders.roles import Act, may_act
from responders.stand_down import stand_down
from store.clock import clock
from store.errors import NotAllowed, NotFound
from store.models import Emergency


def emergency_page(request: DeskRequest) -> HttpResponse:
    """The present state, the form and the history."""
    return _page(request, Declare(names=source_names()))


def _page(request: DeskRequest, form: Declare, *, status: int = 200) -> HttpResponse:
    people = Emergency.objects.select_related("declared_by", "stood_down_by").order_by("-declared_at")
    values = {
        "form": form,
        "standing": people.filter(standing=True).first(),
        "past": people.filter(standing=None)[:50],
        "may_declare": may_act(request.user, Act.DECLARE),
        "may_stand_down": may_act(request.user, Act.STAND_DOWN),
        "names": source_names(),
    }
    return render(request, "dashboard/emergency.html", values, status=status)


@require_POST
def declare_view(request: DeskRequest) -> HttpResponse:
    """Declare; drill or real is fixed from here on."""
    form = Declare(request.POST, names=source_names())
    if not form.is_valid():
        return _page(request, form, status=400)
    typed = form.cleaned_data
    try:
        declare(
            typed["title"],
            typed["reason"],
            drill=typed["drill"],
            sources=typed["sources"],
            actor=request.user,
            now=clock(),
        )
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "演练已开始。" if typed["drill"] else "应急状态已启动。")
    return redirect("emergency")


@require_POST
def stand_down_view(request: DeskRequest, emergency_id: int) -> HttpResponse:
    """Stand down; the sources go back to what they were."""
    try:
        stand_down(emergency_id, request.user, now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已解除，来源频率恢复原状。")
    return redirect("emergency")
