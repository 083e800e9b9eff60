from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InnkeeperConfig(AppConfig):
    name = "innkeeper"
    verbose_name = _("Sessions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers them)

        connection_created.connect(teach_sqlite, dispatch_uid="innkeeper.teach_sqlite")
        post_migrate.connect(make_triggers, sender=self, dispatch_uid="innkeeper.make_triggers")
        add_sessions_to_user()
        watch_users()


def make_triggers(**known: Any) -> None:
    from . import schema

    schema.make_triggers(**known)


def teach_sqlite(*, connection: Any, **_: Any) -> None:
    """The engine's statements compare addresses by a function that SQLite must be given."""
    from . import _engine

    if connection.vendor == "sqlite":
        connection.connection.create_function("innkeeper_ip", 1, _engine.ip_digits, deterministic=True)


def watch_users() -> None:
    """Sessions go with their user by a cascade, of which the engine hears nothing."""
    from django.db.models.signals import class_prepared

    for model in apps.get_models():
        watch_user_model(sender=model)
    # A module that is imported later may have a proxy, such as an admin.py.
    class_prepared.connect(watch_user_model, dispatch_uid="innkeeper.watch_user_model")


def watch_user_model(*, sender: Any, **_: Any) -> None:
    """The user model and each of its proxies by itself: a receiver for all models would slow down every deletion."""
    from django.contrib.auth import get_user_model
    from django.db.models.signals import pre_delete

    from .signals import announce_cascade

    if sender._meta.concrete_model is get_user_model():
        pre_delete.connect(announce_cascade, sender=sender, dispatch_uid="innkeeper.announce_cascade")


def add_sessions_to_user() -> None:
    """`user.sessions` beside `user.session_set`, where the user model has nothing of that name."""
    from django.contrib.auth import get_user_model

    user = get_user_model()
    if not hasattr(user, "sessions"):
        user.sessions = property(lambda self: self.session_set)  # type: ignore[attr-defined]
