"""`chaoxin audit verify`: whether every act is still sealed as it was written."""

from __future__ import annotations

import click

from store.boot import migrate
from store.errors import ChaoxinError


@click.group()
def audit() -> None:
    """The audit chain."""


@audit.command()
def verify() -> None:
    """Check every row against its hash and the row before it; ends with 1 when one is changed or missing."""
    migrate()
    from store.audit import verify as verify_chain
    from store.models import AuditRow

    broken = verify_chain()
    if broken:
        raise ChaoxinError(
            f"审计链在第 {'、'.join(map(str, broken[:10]))} 条被改动或缺失：请停止发布，用最近的备份核对，并报告管理员"
        )
    click.echo(f"审计链完整，共 {AuditRow.objects.count()} 条。")
