"""Settings, jobs and migrations agree with what is written about them."""

import inspect
import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import server.tables
from server.queue import JOB_ARGUMENTS, JobName
from server.settings import Settings
from tests.structure.source import ROOT
from workers import process


def test_the_example_lists_every_setting() -> None:
    listed = re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert listed == [name.upper() for name in Settings.model_fields]


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_job_is_registered_with_its_arguments() -> None:
    taken = {
        job: tuple(
            name
            for name, parameter in inspect.signature(function).parameters.items()
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY
        )
        for job, function in process.JOBS.items()
    }
    assert taken == JOB_ARGUMENTS
    assert set(taken) == set(JobName)


async def test_migrations_lead_to_the_tables(database_url: str) -> None:
    assert server.tables.__all__
    engine = create_async_engine(database_url)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []
