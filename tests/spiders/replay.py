"""A loopback site that replays saved responses: a folder's `site.yml` maps path?query to a file, or to file, status and headers.

    /forum-1-1.html: list.html
    /t/7.json: {file: topic.json, headers: {ETag: '"a1"'}}
    /p/99: {status: 404}

`{base}` in a saved text stands for the server's own address. `with Replay(folder) as site:` answers on 127.0.0.1 at a free
port (`site.base`); `site.seen` holds every request; `site.pages` may be changed while it runs.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

import yaml

from tests.spiders.site import Answer, Site

TYPES = {".json": "application/json; charset=utf-8", ".html": "text/html", ".xml": "application/xml"}


class Replay(Site):
    """Answers as the folder's saved responses say; what it does not list is 404."""

    def __init__(self, folder: Path, index: str = "site.yml") -> None:
        super().__init__()
        self.folder = folder
        self.load(index)

    def __enter__(self) -> Replay:
        super().__enter__()
        return self

    def load(self, index: str) -> None:
        """Answer as another index of the same folder says from now on; what it does not name stays as it was."""
        told = yaml.safe_load((self.folder / index).read_text(encoding="utf-8"))
        self.pages.update({path: self._answer(value) for path, value in told.items()})

    def _answer(self, value: str | dict[str, Any]) -> Answer:
        said: dict[str, Any] = {"file": value} if isinstance(value, str) else value
        name = said.get("file", "")
        body = (self.folder / name).read_bytes().replace(b"{base}", self.base.encode()) if name else b""
        kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = said.get("headers", {})
        return Answer(
            body,
            status=said.get("status", 200),
            headers={n: v for n, v in headers.items() if n.lower() != "content-type"},
            type=next((v for n, v in headers.items() if n.lower() == "content-type"), kind),
            has_etag=bool(said.get("has_etag")),
        )
