"""`chaoxin serve`: the desk, the schedules and Prefect until interrupted."""

from __future__ import annotations

import click

from flows.serve import serve as serve_all


@click.command()
def serve() -> None:
    """Run the desk, the schedules and Prefect together until Ctrl-C."""
    serve_all()
