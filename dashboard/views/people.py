"""People: accounts with their roles, invitations and closed accounts; for the administrator."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard.access import DeskRequest, only_for
from dashboard.forms.people import Invite
from responders.invitations import make_invitation
from responders.roles import Act
from store import audit
from store.clock import clock, sample_offset
from store.models import Invitation
from store.settings import settings


@only_for(Act.INVITE)
def people_list(request: DeskRequest) -> HttpResponse:
    """Accounts and open invitations."""
    return _page(request, Invite())


def _page(request: DeskRequest, form: Invite, *, link: str = "") -> HttpResponse:
    now = clock()
    people = User.objects.prefetch_related("groups").order_by("-is_active", "username")
    values = {
        "now": now,
        "form": form,
        "link": link,
        "people": [(person, _on_our_clock(person.last_login)) for person in people],
        "invitations": Invitation.objects.filter(used_at=None, expires_at__gt=now).select_related("made_by"),
    }
    return render(request, "dashboard/people.html", values)


def _on_our_clock(at: datetime | None) -> datetime | None:
    """A time that Django took from the wall clock, on the sample's clock in sample mode."""
    return at + sample_offset(at) if at and settings().sample else at


@never_cache
@require_POST
@only_for(Act.INVITE)
def invite(request: DeskRequest) -> HttpResponse:
    """Make an invitation; its link is shown on this answer and never again."""
    form = Invite(request.POST)
    if not form.is_valid():
        return _page(request, form)
    token = make_invitation(form.cleaned_data["role"], made_by=request.user, now=clock())
    link = request.build_absolute_uri(reverse("join", args=[token]))
    return _page(request, Invite(), link=link)


@require_POST
@only_for(Act.INVITE)
def set_active(request: DeskRequest, user_id: int) -> HttpResponse:
    """Close an account or open it again; its acts stay in the chain. Nobody closes their own."""
    person = get_object_or_404(User, pk=user_id)
    if person.pk == request.user.pk:
        messages.error(request, "不能停用自己的账号，请由另一位管理员办理。")
        return redirect("people")
    with transaction.atomic():
        person.is_active = request.POST.get("active") == "1"
        person.save(update_fields=["is_active"])
        verb = "enable" if person.is_active else "disable"
        audit.append(request.user, verb, "user", person.pk, {"username": person.username}, now=clock())
    messages.success(request, f"已{'启用' if person.is_active else '停用'}账号 {person.username}。")
    return redirect("people")
