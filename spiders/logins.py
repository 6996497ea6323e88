"""User and password of a source: from the environment or a secret file, never from the source's own file."""

from __future__ import annotations

import os
from pathlib import Path

from spiders.plain import Stopped
from store.stages import HarvestState


def read_login(name: str, secrets: Path) -> tuple[str, str]:
    """User and password of the secret `name`: `CHAOXIN_LOGIN_<NAME>` as user:password, else the file of that name in two lines.

    Raises Stopped, saying where to write them, when there is none or others may read the file.
    """
    variable = f"CHAOXIN_LOGIN_{name.replace('-', '_').upper()}"
    path = secrets / name
    written = (os.environ.get(variable) or _secret(path)).strip()
    user, _, password = written.partition("\n" if "\n" in written else ":")
    if not user.strip() or not password.strip():
        detail = f"没有口令：请写入 {path}（第一行用户名，第二行口令，权限 600），或设置环境变量 {variable}=用户名:口令"
        raise Stopped(HarvestState.FAILED, detail)
    return user.strip(), password.strip()


def _secret(path: Path) -> str:
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077:
        raise Stopped(HarvestState.FAILED, f"{path} 别人也能读，请先 chmod 600")
    return path.read_text(encoding="utf-8")
