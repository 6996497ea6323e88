"""Sets the environment of a test run before anything reads it: a state folder of its own, live mode.

Loaded by `-p tests.environment` (pyproject.toml), because pytest-django reads Django's settings before any conftest.py.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ["CHAOXIN_STATE"] = tempfile.mkdtemp(prefix="chaoxin-tests-")
atexit.register(shutil.rmtree, os.environ["CHAOXIN_STATE"], ignore_errors=True)
os.environ.setdefault("CHAOXIN_SAMPLE", "0")
