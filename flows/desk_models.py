"""The models this desk trained itself: whole folders under the state folder, and one small file that says which is in use.

`models/current.json` names the folder in use and the one before it, "" for the models shipped in data/models. It is replaced
in one step, so that whoever reads it sees the old models or the new ones, never half of either.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

from nlp.models import MANIFEST, MODELS, version
from store.errors import BadInput, ModelRefused
from store.settings import settings

POINTER = "current.json"
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
    new, (current, previous) = version(made), _pointer()
    target = home() / new
    if new == current:
        shutil.rmtree(made)
        return new
    if target.exists():
        shutil.rmtree(target)
    made.rename(target)
    _point(new, current)
    if previous not in (SHIPPED, new, current):
        shutil.rmtree(home() / previous, ignore_errors=True)
    return new


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
