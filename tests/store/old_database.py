"""A database as an earlier version left it: migrated so far and no further, with rows put in on the way."""

from collections.abc import Sequence

import pytest
from alembic import command
from sqlalchemy import create_engine, make_url

from coding_app.store.migrate import alembic_config


def made_by(database_url: str, request: pytest.FixtureRequest, *steps: tuple[str, Sequence[str]]) -> str:
    """Its address. steps: a migration to go to, and the statements that are sent there, one after the other."""
    if database_url.startswith("sqlite"):
        url = f"{database_url}-old"
    else:
        url = str(request.getfixturevalue("empty_postgresql_url"))
    driver = "postgresql+psycopg" if url.startswith("postgresql") else "sqlite"
    engine = create_engine(make_url(url).set(drivername=driver))
    with engine.begin() as tx:
        if driver == "sqlite":
            tx.exec_driver_sql("PRAGMA foreign_keys = ON")
        config = alembic_config()
        config.attributes["connection"] = tx
        for revision, statements in steps:
            command.upgrade(config, revision)
            for statement in statements:
                tx.exec_driver_sql(statement)
    engine.dispose()
    return url
