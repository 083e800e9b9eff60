import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import innkeeper.fields
from innkeeper.schema import EngineSchema


class Migration(migrations.Migration):
    initial = True

    dependencies = (migrations.swappable_dependency(settings.AUTH_USER_MODEL),)

    operations = (
        migrations.SeparateDatabaseAndState(
            database_operations=[EngineSchema()],
            state_operations=[
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "session_key",
                            innkeeper.fields.SessionKeyField(
                                max_length=40, primary_key=True, serialize=False, verbose_name="session id"
                            ),
                        ),
                        ("expire_date", innkeeper.fields.MomentField(verbose_name="expires")),
                        (
                            "ip",
                            models.GenericIPAddressField(blank=True, null=True, verbose_name="IP address"),
                        ),
                        (
                            "user_agent",
                            models.CharField(blank=True, default="", max_length=512, verbose_name="User-Agent"),
                        ),
                        (
                            "client_hints",
                            models.CharField(blank=True, default="", max_length=512, verbose_name="client hints"),
                        ),
                        (
                            "created_at",
                            innkeeper.fields.MomentField(default=django.utils.timezone.now, verbose_name="started"),
                        ),
                        (
                            "updated_at",
                            innkeeper.fields.MomentField(default=django.utils.timezone.now, verbose_name="last saved"),
                        ),
                        (
                            "last_activity",
                            innkeeper.fields.MomentField(default=django.utils.timezone.now, verbose_name="last active"),
                        ),
                        ("version", models.BigIntegerField(default=1, verbose_name="version")),
                        ("session_data", models.TextField(verbose_name="session data")),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "db_table": "innkeeper_session",
                        "permissions": (("view_session_data", "Can view the data of a session"),),
                        "indexes": [
                            models.Index(fields=["user", "expire_date"], name="innkeeper_session_user"),
                            models.Index(fields=["expire_date", "session_key"], name="innkeeper_session_expire"),
                            models.Index(fields=["last_activity", "session_key"], name="innkeeper_session_activity"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EndedSession",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("session_key", innkeeper.fields.SessionKeyField(max_length=40, verbose_name="session id")),
                        ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                        ("user_agent", models.CharField(default="", max_length=512, verbose_name="User-Agent")),
                        ("created_at", innkeeper.fields.MomentField(null=True, verbose_name="started")),
                        ("ended_at", innkeeper.fields.MomentField(verbose_name="ended")),
                        ("reason", models.CharField(max_length=16, verbose_name="reason")),
                        ("actor", models.CharField(default="", max_length=255, verbose_name="by")),
                        (
                            "user",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ended session",
                        "verbose_name_plural": "ended sessions",
                        "db_table": "innkeeper_ended",
                        "indexes": [
                            models.Index(fields=["session_key"], name="innkeeper_ended_session"),
                            models.Index(fields=["ended_at"], name="innkeeper_ended_at"),
                            models.Index(fields=["user", "id"], name="innkeeper_ended_user"),
                        ],
                    },
                ),
            ],
        ),
    )
