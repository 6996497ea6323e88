"""The bureau's portal folder, read-only, as its visitors see it."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from store.settings import settings

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}

# The portal's pages carry their own style so that they stay whole when they are copied elsewhere; nothing else may run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@login_not_required
@require_safe
def portal(_request: HttpRequest, name: str = "") -> FileResponse:
    """One file of the portal; a folder gives its index.html."""
    path = file_in(settings().path("portal"), name)
    if path is None:
        raise Http404
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = FileResponse(path.open("rb"), content_type=kind)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def file_in(folder: Path, name: str) -> Path | None:
    """The plain file of this name inside the folder; None for anything hidden, outside it or missing."""
    root = folder.resolve()
    if "\0" in name or any(part.startswith(".") for part in name.split("/")):
        return None
    path = (root / name).resolve()
    path = path / "index.html" if path.is_dir() else path
    return path if path.is_relative_to(root) and path.is_file() else None
