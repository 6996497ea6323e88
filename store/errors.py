"""The one error tree: each error carries its ids and says what to do."""

from __future__ import annotations


class ChaoxinError(Exception):
    """Base of every error a user may meet; its text is shown as it is."""


class BadInput(ChaoxinError):
    """A file or value handed to a command cannot be used; the message names it, the line and the mend."""


class BadSettings(ChaoxinError):
    """A `CHAOXIN_*` variable or a data file holds something that cannot be used."""


class BadSource(BadSettings):
    """A source file is wrong; names file and key. `key` is that key, "" where the whole file is wrong."""

    def __init__(self, message: str, *, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class NotAllowed(ChaoxinError):
    """A verb is refused; the reason is shown to the officer."""


class StaleText(NotAllowed):
    """The text changed since it was read; read it again and decide anew."""


class NotFound(ChaoxinError):
    """Nothing has this id."""


class ServiceDown(ChaoxinError):
    """Something we depend on (Prefect, the database, a port) does not answer; says how to start it."""


class ModelRefused(ChaoxinError):
    """A model file is missing, foreign or tampered with; says how to get a good one."""


class Regression(ChaoxinError):
    """A figure of quality fell; names each, from what to what."""
