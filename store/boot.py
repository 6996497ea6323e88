"""Makes Django ready in a process that is not Django's own: flows, commands, tests."""

from __future__ import annotations

import os

import django
from django.apps import apps


def boot() -> None:
    """Set Django up once; cheap when already done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "store.django_settings")
    if not apps.ready:
        django.setup()


def migrate() -> None:
    """Bring the database to the present schema; safe to call at every start."""
    boot()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
