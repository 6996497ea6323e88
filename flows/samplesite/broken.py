"""Five sources that fail as real ones do: refusal, empty success, a cut feed, a login wall, a stall."""

from __future__ import annotations

from flows.samplesite.reply import ROBOTS, Reply, Request, page


def forbidden(request: Request) -> Reply:
    """403 to everything but robots.txt."""
    if request.path == "/robots.txt":
        return ROBOTS
    return Reply(status=403, body="<h1>403 Forbidden</h1><p>您的访问被拒绝</p>".encode())


def empty(request: Request) -> Reply:
    """200 with 0 bytes, as a news site without a theme answers."""
    return ROBOTS if request.path == "/robots.txt" else Reply(body=b"")


def cut_feed(request: Request) -> Reply:
    """A feed that ends inside a UTF-8 character of its third title."""
    if request.path == "/robots.txt":
        return ROBOTS
    whole = page("broken_rss.xml", base=request.base).body
    cut = whole.index("冬季净滩".encode()) + 4  # one byte into the second character
    return Reply(body=whole[:cut], content_type="application/rss+xml; charset=utf-8")


def login_wall(request: Request) -> Reply:
    """Every page leads to a sign-in form."""
    if request.path == "/robots.txt":
        return ROBOTS
    if request.path == "/login":
        return page("broken_login.html")
    return Reply(status=302, headers={"Location": f"{request.base}/login?next={request.path}"})


def stall(request: Request) -> Reply:
    """Promises a page and never sends it."""
    return ROBOTS if request.path == "/robots.txt" else Reply(body=b"<html>", stall_seconds=120.0)
