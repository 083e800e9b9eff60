"""The sites that are compared: one small Django site for each package, engine and cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLACES = ROOT / "data" / "demo" / "demo-city.mmdb"
USER_AGENTS = (ROOT / "data" / "demo" / "user_agents.txt").read_text("utf-8").splitlines()
FOLDER = ROOT / "build" / "django-bench"


@dataclass(frozen=True)
class Package:
    app: str
    middleware: str
    model: str  # app_label.Model of its rows with an owner, for the admin
    extra_apps: tuple[str, ...] = ()
    extra_middleware: tuple[str, ...] = ()


_DJANGO = "django.contrib.sessions"
_ALLAUTH = ("allauth", "allauth.account", "allauth.usersessions")
PACKAGES = {
    "innkeeper": Package("innkeeper", "innkeeper.middleware.SessionMiddleware", "innkeeper.Session"),
    "django": Package(_DJANGO, f"{_DJANGO}.middleware.SessionMiddleware", "sessions.Session"),
    "qsessions": Package("qsessions", "qsessions.middleware.SessionMiddleware", "qsessions.Session"),
    "user_sessions": Package("user_sessions", "user_sessions.middleware.SessionMiddleware", "user_sessions.Session"),
    "allauth": Package(
        _DJANGO,
        f"{_DJANGO}.middleware.SessionMiddleware",
        "usersessions.UserSession",
        _ALLAUTH,
        ("allauth.account.middleware.AccountMiddleware", "allauth.usersessions.middleware.UserSessionsMiddleware"),
    ),
}


@dataclass(frozen=True)
class Site:
    package: str
    engine: str = "db"  # db or cached_db
    cache: str = ""  # locmem, redis, native

    @property
    def name(self) -> str:
        return f"{self.package} {self.engine}" + (f" on {self.cache}" if self.cache else "")

    @property
    def folder(self) -> Path:
        return FOLDER / "sites" / self.name.replace(" ", "-")

    def settings(self, redis_port: int) -> dict[str, Any]:
        package = PACKAGES[self.package]
        own = package.app if self.package != "allauth" else _DJANGO
        settings = {
            "SECRET_KEY": "a secret key for the benchmark, long enough to look like one",
            "ALLOWED_HOSTS": ["*"],
            "USE_TZ": True,
            "DEBUG": False,
            "ROOT_URLCONF": "urls",
            "STATIC_URL": "static/",
            "INSTALLED_APPS": [*_APPS, package.app, *package.extra_apps],
            "MIDDLEWARE": [package.middleware, *_MIDDLEWARE, *package.extra_middleware],
            "TEMPLATES": [_TEMPLATES],
            "SESSION_ENGINE": f"{own}.backends.{self.engine}",
            "DATABASES": {"default": self._database()},
            "CACHES": {"default": self._cache(redis_port)},
            "GEOIP_PATH": str(PLACES),
            "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
            "USERSESSIONS_TRACK_ACTIVITY": True,
            "SILENCED_SYSTEM_CHECKS": ["innkeeper.W008"],
        }
        if self.cache == "native":
            settings["INNKEEPER_CACHE"] = str(self.folder / "cache")
        return settings

    def _database(self) -> dict[str, Any]:
        # What Django's documentation advises for SQLite in production.
        wal = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self.folder / "site.sqlite3"),
            "OPTIONS": {"init_command": wal, "transaction_mode": "IMMEDIATE"},
        }

    def _cache(self, redis_port: int) -> dict[str, Any]:
        if self.cache == "redis":
            place = f"redis://127.0.0.1:{redis_port}/0"
            return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": place}
        options = {"MAX_ENTRIES": 1_000_000}  # the default, 300, would throw out what is measured
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": options}


_APPS = (
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
)
_MIDDLEWARE = (
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
_TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]
    },
}
