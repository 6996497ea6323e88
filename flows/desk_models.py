"""The models this desk trained itself: whole folders under the state folder, and one small file that says which is in use.

`models/current.json` names the folder in use and the one before it, "" for the models shipped in data/models. It is replaced
in one step, so that whoever reads it sees the old models or the new ones, never half of either.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nlp.models import MANIFEST, MODELS, version
from store.errors import BadInput, ModelRefused, ServiceDown
from store.settings import settings

POINTER, LOCK = "current.json", ".lock"
SHIPPED = ""
NAME = re.compile(r"[0-9a-f]{12}")  # a folder is named by the version of the models in it
MEND = "go back with `chaoxin train --restore`, or train anew with `chaoxin train`"


def home() -> Path:
    """The folder that holds the desk's own models; made when missing."""
    folder = settings().path("models", POINTER).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def models_in_use() -> Path:
    """The folder the annotator loads: the desk's own accepted models, else those of data/models.

    Raises ModelRefused when the folder named is missing or is not the one that was accepted; it never falls back in silence.
    """
    current, _ = _pointer()
    if current == SHIPPED:
        return MODELS
    folder = settings().state / "models" / current
    if not (folder / MANIFEST).exists():
        raise ModelRefused(f"the desk's models {current} are missing in {folder.parent}: {MEND}")
    if version(folder) != current:
        raise ModelRefused(f"the desk's models {current} are not those that were accepted (changed or foreign): {MEND}")
    return folder


def ship(made: Path) -> str:
    """Put a finished folder of models in use, the ones in use before kept for `restore`; returns its version."""
    new = version(made)
    try:
        current, _ = _pointer()
    except ModelRefused:
        current = SHIPPED  # what was in use cannot be named any more
    target = home() / new
    if new == current:
        shutil.rmtree(made)
        return new
    if target.exists():
        shutil.rmtree(target)
    made.rename(target)
    _point(new, current)
    _clear(kept={new, current})
    return new


def _clear(*, kept: set[str]) -> None:
    """Remove folders of models that nothing names any more, also those a power cut left."""
    for path in home().iterdir():
        if path.is_dir() and NAME.fullmatch(path.name) and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def alone() -> Iterator[Path]:
    """A new empty folder for one training at a time, gone when it ends; what a killed training left goes at the start.

    Raises ServiceDown while another training runs in this state folder.
    """
    with (home() / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ServiceDown("another training is running in this state folder: wait for it to end") from error
        for left in home().glob(".new-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=home()))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def restore() -> str:
    """Put the models in use before in use again; returns their version, "" for the shipped ones.

    Raises BadInput when nothing was ever put in use here.
    """
    if not (home() / POINTER).exists():
        raise BadInput("this desk has trained no models of its own; those of data/models are in use")
    current, previous = _pointer()
    _point(previous, current)
    return previous


def _pointer() -> tuple[str, str]:
    """Versions in use and before; raises ModelRefused when the file holds anything else."""
    path = settings().state / "models" / POINTER
    if not path.exists():
        return SHIPPED, SHIPPED
    try:
        held = json.loads(path.read_text("utf-8"))
        names = (held["current"], held["previous"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelRefused(f"{path} cannot be read ({error}): remove it to use the models of data/models") from error
    if not all(isinstance(name, str) and (name == SHIPPED or NAME.fullmatch(name)) for name in names):
        raise ModelRefused(f"{path} names no folder of models: remove it to use the models of data/models")
    return names


def _point(current: str, previous: str) -> None:
    path = home() / POINTER
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps({"current": current, "previous": previous}) + "\n", "utf-8")
    fresh.replace(path)
