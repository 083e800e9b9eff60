"""Tables, indexes and triggers as `innkeeper migrate` makes them: the engine itself makes what is missing."""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from innkeeper import _engine, conf
from innkeeper.host import Database

_TABLES = ("innkeeper_session", "innkeeper_ended", "innkeeper_migration")
_FUNCTIONS = tuple(f"innkeeper_session_{what}" for what in ("removed", "shortened", "renamed", "truncated"))


class EngineSchema(Operation):
    """Accepts tables that the C++ program made, and adds to them what they lack."""

    reversible = True
    reduces_to_sql = True
    atomic = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models' state is made by the operations beside this one."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not router.allow_migrate(schema_editor.connection.alias, app_label):
            return
        if schema_editor.collect_sql:
            connection = schema_editor.connection
            key_column = conf.user_key_column(connection)
            for statement in _engine.schema_statements(connection.vendor, conf.users(), key_column):
                schema_editor.execute(statement, params=None)
            return
        _engine.migrate(Database(schema_editor.connection.alias), conf.users())

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label):
            return
        if connection.vendor == "mysql":
            schema_editor.execute("DROP TRIGGER IF EXISTS innkeeper_user_removed")
        for table in _TABLES:
            schema_editor.execute(f"DROP TABLE IF EXISTS {table}")
        for function in _FUNCTIONS if connection.vendor == "postgresql" else ():
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {function}")

    def describe(self) -> str:
        return "Make the tables, indexes and triggers of the session engine"


def make_triggers(*, using: str, **_: Any) -> None:
    """After `migrate` where the site's tests have migrations off (MIGRATION_MODULES, pytest's --nomigrations): Django
    has made the tables by the models then, which know of no trigger."""
    if MigrationLoader.migrations_module("innkeeper")[0] is None and router.allow_migrate(using, "innkeeper"):
        if connections[using].vendor in ("sqlite", "postgresql", "mysql"):
            _engine.migrate(Database(using), conf.users())
