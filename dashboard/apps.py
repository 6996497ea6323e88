"""The desk as a Django app."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Views, templates and static files of the desk."""

    name = "dashboard"
    verbose_name = "潮信工作台"
