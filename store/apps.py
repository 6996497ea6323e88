"""The store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Models, migrations and queries of the house."""

    name = "store"
    label = "store"
    verbose_name = "潮信"
