"""`chaoxin nightly`: one run now, with the sample sites served beside it in sample mode."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import click

from flows.prefect_home import prepare
from flows.samplesite.server import SampleSites
from flows.serve import sample_sites_are_up
from store.boot import migrate
from store.clock import clock
from store.settings import settings


@click.command()
def nightly() -> None:
    """Run the night now: collect, understand, prepare, and print what was found."""
    migrate()
    prepare()
    with _sites():
        from flows.nightly import nightly as nightly_flow
        from flows.report import show

        show(nightly_flow())


def _sites() -> AbstractContextManager[object]:
    if not settings().sample or sample_sites_are_up():
        return nullcontext()
    return SampleSites(settings().sample_port, now=clock)
