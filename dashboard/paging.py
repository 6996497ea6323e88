"""Cutting long lists into pages, by the `page` of the query string."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = 50


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], *, size: int = PAGE) -> Page[Any]:
    """The page that was asked for; a number out of range gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
