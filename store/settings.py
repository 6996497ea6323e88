"""Every setting in one place: each is an environment variable `CHAOXIN_<NAME>` with type, unit and default."""

from __future__ import annotations

import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from store import places
from store.errors import BadSettings

ROOT, DATA = places.ROOT, places.DATA


class Settings(BaseSettings):
    """The house's settings, read once from the environment; docs/settings.md lists them."""

    model_config = SettingsConfigDict(env_prefix="CHAOXIN_", frozen=True)

    state: Path = Field(Path("var"), description="folder of everything that is made while running; path")
    database_url: str = Field("", description="postgresql://user@host:port/name; empty: SQLite under the state folder")
    sample: bool = Field(True, description="serve and crawl the sample day instead of data/sources; 0 to go live")
    sources: Path = Field(DATA / "sources", description="folder of source files used when live; path")
    drop: Path | None = Field(
        None,
        description="folder under which sources of the kind `files` may read; path, empty: drop under the state folder",
    )
    sample_port: int = Field(
        18700, ge=1024, le=65000, description="first of the ten loopback ports of the sample sites; TCP port"
    )
    desk_host: str = Field("127.0.0.1", description="address the desk listens on; host")
    desk_port: int = Field(8700, ge=1, le=65535, description="port the desk listens on; TCP port")
    desk_hosts: str = Field("127.0.0.1,localhost", description="host names the desk answers to; comma-separated")
    desk_https: bool = Field(
        False, description="whether the desk is reached over HTTPS, so that its cookies are secure; 0 or 1"
    )
    prefect_port: int = Field(
        4270, ge=1024, le=65535, description="port of the Prefect server that `serve` starts; TCP port"
    )
    portal_url: str = Field("http://127.0.0.1:8700/portal", description="public address of the portal folder; URL")
    bureau: str = Field("天津市海洋局", description="name that signs releases; text")
    contact: str = Field("", description="mail or page put into the crawler's User-Agent; text")
    notice_urls: str = Field(
        "", description="where officers are told of source outages, Apprise addresses; parted by blanks"
    )
    nightly_cron: str = Field("0 2 * * *", description="when the nightly runs, Asia/Shanghai; cron")
    watch_seconds: int = Field(300, ge=5, description="interval of the watch in calm times; seconds")
    poll_seconds: int = Field(
        600,
        ge=0,
        description="how often the schedule looks for sources that are due, 0 leaves it to the nightly; seconds",
    )
    emergency_seconds: int = Field(
        60, ge=5, description="interval of watch and chosen sources in an emergency; seconds"
    )
    host_delay_seconds: float = Field(
        1.0, ge=0, description="pause between two requests to one host, unless the source says more; seconds"
    )
    source_timeout_seconds: float = Field(600.0, gt=0, description="longest run of one source; seconds")
    request_timeout_seconds: float = Field(20.0, gt=0, description="longest wait for one response; seconds")
    response_limit_bytes: int = Field(8_000_000, ge=10_000, description="largest response body read; bytes")
    # A reader who looks at every page of a local paper asks some thousands of times; an emergency's polls of three sources
    # of one host, one a minute, are about as many. Nobody at the other end should see us as more than that.
    host_budget_requests: int = Field(
        10_000, ge=0, description="most requests to one host on one day, 0 is no limit; requests"
    )
    host_budget_bytes: int = Field(
        1_000_000_000, ge=0, description="most that is received from one host on one day, 0 is no limit; bytes"
    )
    raw_days: int = Field(60, ge=0, description="how long raw responses (WARC) are kept, 0 keeps none; days")
    author_key_days: int = Field(90, ge=1, description="how long one author key lasts before it rotates; days")
    engine: str = Field("rjieba", pattern="^(rjieba|jieba)$", description="segmentation engine; rjieba or jieba")
    time_zone: str = Field("Asia/Shanghai", description="time zone shown to people; IANA name")
    evaluation_data: Path = Field(
        ROOT.parent / "shared" / "data", description="folder of the public evaluation sets; path"
    )

    def path(self, *parts: str) -> Path:
        """A path under the state folder; its parent folders are made."""
        path = self.state.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def secret(self, name: str) -> bytes:
        """A secret of this installation (64 hex digits), made at the first call with mode 0600."""
        path = self.path("secrets", name)
        path.parent.chmod(0o700)
        if not path.exists():
            write_once(path, secrets.token_hex(32) + "\n")
        return path.read_text().strip().encode()

    @property
    def drop_folder(self) -> Path:
        """Where people put files that are to be read: the setting, else `drop` under the state folder."""
        return self.drop or self.state / "drop"

    @property
    def sources_folder(self) -> Path:
        """Where the source files in force lie: the sample day's or the bureau's own."""
        return DATA / "sample" / "sources" if self.sample else self.sources


def write_once(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole, unless another process did so first."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as handle:  # mkstemp: mode 0600
        handle.write(text)
    try:
        os.link(handle.name, path)
    except FileExistsError:
        pass  # the other process's file is the one in force
    finally:
        Path(handle.name).unlink()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings in force; raises BadSettings naming each variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"CHAOXIN_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise BadSettings("unusable settings, mend them and start again:\n  " + "\n  ".join(lines)) from error
