"""Where the house itself lies; apart from the settings, so that a spider's process starts without reading them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
