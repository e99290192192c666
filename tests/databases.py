"""Migrated databases for one test after another: making one costs hundreds of files, emptying one next to nothing."""

from dataclasses import dataclass, field
from itertools import count
from typing import Self

import migrations
from cli.embedded.postgres import Postgres
from cli.problems import CannotRun

TEMPLATE = "template_leafmark"

SHAPE = """
SELECT md5(string_agg(fact, ' ' ORDER BY fact)) FROM (
    SELECT format('class %s %s %s', oid, relname, relchecks) FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT format('column %s %s %s %s', attrelid, attname, atttypid, attnotnull) FROM pg_attribute
        WHERE attrelid >= 16384 AND attnum > 0
    UNION ALL SELECT format('constraint %s %s', oid, conname) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT format('trigger %s %s', oid, tgenabled) FROM pg_trigger WHERE oid >= 16384
    UNION ALL SELECT format('function %s', oid) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT format('statistics %s %s', starelid, staattnum) FROM pg_statistic WHERE starelid >= 16384
    UNION ALL SELECT format('setting %s', setconfig) FROM pg_db_role_setting
) AS facts (fact)
"""
"""What a test may not leave otherwise than the migrations made it; a hash of it."""

EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE
    stored regclass[] := ARRAY(
        SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    );
    one regclass;
BEGIN
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOREACH one IN ARRAY stored LOOP
        IF pg_relation_size(one) > 1000000 THEN
            EXECUTE format('TRUNCATE %s CASCADE', one);
        ELSE
            EXECUTE format('DELETE FROM %s', one);
        END IF;
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$;
"""
"""End every other session, then forget all rows, in one transaction and without touching a file of a small table."""


@dataclass(slots=True)
class Databases:
    """The databases of one server. No two tests share one at a time, and each finds it as the migrations leave it."""

    server: Postgres
    shape: str
    _spare: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    def on(cls, server: Postgres) -> Self:
        """Make the template; autovacuum is off, so that no plan depends on how long a test took."""
        server.execute("ALTER SYSTEM SET autovacuum = off")
        server.execute("SELECT pg_reload_conf()")
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        migrations.upgrade(server.url_of(TEMPLATE))
        return cls(server, server.execute(SHAPE, database=TEMPLATE))

    def take(self) -> str:
        """The name of an empty, migrated database."""
        if self._spare:
            return self._spare.pop()
        name = f"test_{next(self._numbers)}"
        self.server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return name

    def give_back(self, name: str) -> None:
        """Empty it for the next test; one whose tables are not as they were is dropped."""
        try:
            shape = self.server.execute(EMPTY + SHAPE, database=name)
        except CannotRun:  # the test dropped it, or locked us out
            shape = ""
        if shape == self.shape:
            self._spare.append(name)
        else:
            self.server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
