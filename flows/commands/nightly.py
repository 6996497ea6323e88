"""`chaoxin nightly`: one run now, with the sample sites served beside it in sample mode."""

from __future__ import annotations

import click

from flows.prefect_home import prepare
from flows.samplesite.beside import sample_sites
from store.boot import migrate


@click.command()
def nightly() -> None:
    """Run the night now: collect, understand, prepare, and print what was found."""
    migrate()
    prepare()
    with sample_sites():
        from flows.nightly import nightly as nightly_flow
        from flows.report import show

        show(nightly_flow())
