"""`chaoxin invite ROLE`: a one-time link that makes one account."""

from __future__ import annotations

import click

from store.boot import migrate
from store.clock import clock
from store.settings import settings

ROLES = ("officer", "reviewer", "approver", "administrator", "reader")


@click.command()
@click.argument("role", type=click.Choice(ROLES))
def invite(role: str) -> None:
    """Print a link, good once and for 24 hours, that makes an account with this role."""
    migrate()
    from responders.invitations import make_invitation

    token = make_invitation(role, made_by=None, now=clock())
    scheme = "https" if settings().desk_https else "http"
    click.echo(f"{scheme}://{settings().desk_host}:{settings().desk_port}/join/{token}/")
