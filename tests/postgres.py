"""A PostgreSQL server for tests: the one named in the environment, or a throw-away one made here."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

NAMED = "CODING_APP_TEST_POSTGRESQL"
SKIPPED = f"no PostgreSQL: install Debian's package postgresql, or name a server's URL in {NAMED}"
ADMIN_DATABASE = "postgres"


@contextmanager
def a_server() -> Iterator[str]:
    """URL of a server on which databases may be made; skips the test when there is none."""
    named = os.environ.get(NAMED)
    if named:
        yield named
        return
    programs = _programs()
    if programs is None or (_is_root() and shutil.which("runuser") is None):
        pytest.skip(SKIPPED)
    with tempfile.TemporaryDirectory(
        prefix="pg-", ignore_cleanup_errors=True
    ) as folder:  # a socket's path must be short
        home = Path(folder)
        if _is_root():
            try:
                shutil.chown(home, "postgres", "postgres")
            except LookupError:
                pytest.skip(f"{SKIPPED} (there is no user 'postgres' to run it as)")
        yield from _run(programs, home)


def _run(programs: Path, home: Path) -> Iterator[str]:
    cluster = home / "data"
    _call(
        programs / "initdb",
        "-D",
        cluster,
        "-U",
        "tester",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    )
    options = (
        f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off -c full_page_writes=off"
    )
    control = programs / "pg_ctl"
    _call(control, "-D", cluster, "-w", "-l", home / "log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://tester@/{ADMIN_DATABASE}?host={home}"
    finally:
        _call(control, "-D", cluster, "-w", "-m", "immediate", "stop")


@contextmanager
def a_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """URL of a new database, dropped at the end; template: a database to copy."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(_plain(server_url), autocommit=True) as admin:
        template_clause = (
            sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        )
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + template_clause)
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(_plain(server_url), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl: on PATH, or where Debian puts the newest version."""
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: float(f.parent.name), reverse=True
    )
    return next(
        (folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


def _is_root() -> bool:
    return os.geteuid() == 0


def _call(*command: object) -> None:
    words = [str(word) for word in command]
    if _is_root():  # PostgreSQL refuses to run as root
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(
        words,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
