"""The store as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StoreConfig(AppConfig):
    """Models, migrations and queries of the house."""

    name = "store"
    label = "store"
    verbose_name = "潮信"

    def ready(self) -> None:
        """Look after the search index: SQLite drops a table's triggers when a migration remakes the table."""
        from store.search import mend

        post_migrate.connect(mend, sender=self, dispatch_uid="store.search.mend")
