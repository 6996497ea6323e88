"""What the desk is asked to judge: few documents a day, one click each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest, only_for
from dashboard.queries.names import source_names
from dashboard.queries.offers import asked
from responders.file_document import Filing, file_document
from responders.offers import SIDES, offer_parameters
from responders.roles import Act
from store.clock import clock
from store.errors import NotAllowed, NotFound


@only_for(Act.FILE_DOCUMENT)
def offer_list(request: DeskRequest) -> HttpResponse:
    """Today's offers, the most doubtful first."""
    values = {"asked": asked(clock()), "most": offer_parameters().most_a_day, "names": source_names()}
    return render(request, "dashboard/offers.html", values)


@require_POST
@only_for(Act.FILE_DOCUMENT)
def answer(request: DeskRequest, document_id: int) -> HttpResponse:
    """One click: the chosen value becomes a label, the next offer moves up."""
    what, value = request.POST.get("what", ""), request.POST.get("value", "")
    filing = Filing(**{what: value}) if what in SIDES else Filing()
    try:
        file_document(document_id, request.user, filing, request.POST.get("read", ""), now=clock())
    except (NotAllowed, NotFound) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已记录您的判断。")
    return redirect("offers")
