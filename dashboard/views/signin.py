"""Signing in and out, and joining by a one-time invitation."""

from __future__ import annotations

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from dashboard import signin_guard
from dashboard.forms.people import Join, SignIn
from dashboard.words import span
from responders.invitations import accept, token_hash, why_invalid
from store.clock import clock
from store.errors import NotAllowed
from store.models import Invitation


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; after five failures it says how long to wait."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, address = form.cleaned_data["username"], request.META.get("REMOTE_ADDR", "")
        user = _authenticate(request, form, [f"name:{name.casefold()}", f"address:{address}"])
        if user is not None:
            auth.login(request, user)
            return redirect(_next(request))
    return render(request, "dashboard/signin.html", {"form": form, "next": _next(request)})


def _authenticate(request: HttpRequest, form: SignIn, keys: list[str]) -> User | None:
    """The person, or None with the reason on the form."""
    now = clock()
    waiting = signin_guard.wait(keys, now)
    if waiting is not None:
        form.add_error(None, f"连续 {signin_guard.FAILURES} 次登录失败，为安全起见请等待 {span(waiting)}后再试。")
        return None
    user = auth.authenticate(request, **form.cleaned_data)
    if isinstance(user, User):
        signin_guard.succeeded(keys)
        return user
    signin_guard.failed(keys, now)
    form.add_error(None, "用户名或密码不正确。若忘记密码，请联系管理员重新邀请。")
    return None


def _next(request: HttpRequest) -> str:
    """Where to go after signing in: a page of our own only."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    auth.logout(request)
    messages.success(request, "已退出。")
    return redirect("signin")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Make one account by an invitation link."""
    now = clock()
    refusal = why_invalid(token, now=now)
    if refusal is not None:
        return render(request, "dashboard/message.html", {"title": "邀请链接不能使用", "text": refusal}, status=410)
    form = Join(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accept(token, form.cleaned_data["username"], form.cleaned_data["password"], now=now)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "账号已建立，请登录。")
            return redirect("signin")
    role = Invitation.objects.values_list("role", flat=True).get(token_hash=token_hash(token))
    return render(request, "dashboard/join.html", {"form": form, "role": role})
