"""A Django site for the browser's tests: python serve.py; a line of JSON says where it is, SIGTERM ends it.

Everything is made anew in a temporary folder: a database, a few users, their sessions on other devices. The content
security policy is as strict as one can be.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

FOLDER = tempfile.TemporaryDirectory()
ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "a password for the browser"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SIGN_IN = """{% extends "innkeeper/base.html" %}{% block title %}Sign in{% endblock %}{% block content %}
<section class="narrow card"><h1>Sign in</h1>
{% if form.errors %}<p class="alert" role="alert">That name and password don’t match an account.</p>{% endif %}
<form method="post" class="stack">{% csrf_token %}<input type="hidden" name="next" value="{{ next }}">
<label>User name <input name="username" autocomplete="username" required autofocus></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
<p><button class="quiet" type="submit">Sign in</button></p></form></section>{% endblock %}"""
FRAME = """{% extends "innkeeper/base.html" %}{% block title %}Home{% endblock %}{% block content %}
<h1>Home of {{ user.get_username }}</h1>{% endblock %}"""

AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
    "Mobile/15E148 Safari/604.1",
    "Googlebot/2.1 (+http://www.google.com/bot.html)",
    "",
)
ADDRESSES = ("192.0.2.77", "2001:db8::7", "203.0.113.7", "198.51.100.23")


urlpatterns: list = []


def configure() -> None:
    from django.conf import settings

    settings.configure(
        SECRET_KEY="a key for the browser's tests, long enough to look like one",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="__main__",
        USE_TZ=True,
        LANGUAGE_CODE="en",
        INSTALLED_APPS=[
            "innkeeper",
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.staticfiles",
        ],
        MIDDLEWARE=[
            "__main__.policy",
            "innkeeper.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", {"sign_in.html": SIGN_IN, "home.html": FRAME}),
                        "django.template.loaders.app_directories.Loader",
                    ],
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ],
                },
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER.name}/site.sqlite3"}},
        SESSION_ENGINE="innkeeper.backends.cached_db",
        INNKEEPER_CACHE=f"{FOLDER.name}/cache",
        SESSION_END_OTHERS_PASSWORD=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        LOGIN_URL="/signin/",
        LOGIN_REDIRECT_URL="/",
        GEOIP_PATH=ROOT / "data" / "demo" / "demo-city.mmdb",
    )


def policy(get_response):
    def answer(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return answer


def make_urls() -> list:
    from django.contrib import admin
    from django.contrib.auth.views import LoginView
    from django.urls import include, path
    from django.views.generic import TemplateView

    return [
        path("", TemplateView.as_view(template_name="home.html")),
        path("admin/", admin.site.urls),
        path("signin/", LoginView.as_view(template_name="sign_in.html")),
        path("account/sessions/", include("innkeeper.urls")),
    ]


def make_people() -> None:
    from django.contrib.auth.models import User

    User.objects.create_superuser("boss", "boss@example.org", PASSWORD)
    for name in ("amina", "bela", "carlos", "dina", "emil"):
        add_sessions(User.objects.create_user(name, password=PASSWORD), 4)
    add_sessions(User.objects.create_user("crowd", password=PASSWORD), 150)


def add_sessions(user, count: int) -> None:
    from django.utils import timezone

    from innkeeper.models import Session

    now = timezone.now()
    Session.objects.bulk_create(
        Session(
            session_key=f"{user.pk:020x}{number:020x}",
            user=user,
            ip=ADDRESSES[number % len(ADDRESSES)],
            user_agent=AGENTS[number % len(AGENTS)],
            session_data="",
            created_at=now - timedelta(days=number + 3),
            last_activity=now - timedelta(hours=7 * number + 1),
            expire_date=now + timedelta(days=9 if number % 7 else -1),
        )
        for number in range(1, count + 1)
    )


def main() -> None:
    configure()
    import django

    django.setup()
    urlpatterns.extend(make_urls())
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    class Handler(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    class Static(StaticFilesHandler):
        def serve(self, request):
            from django.contrib.staticfiles.views import serve

            return serve(request, self.file_path(request.path), insecure=True)

    call_command("migrate", verbosity=0)
    make_people()
    server = ThreadedWSGIServer(("127.0.0.1", 0), Handler)
    server.set_app(Static(WSGIHandler()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    url = f"http://127.0.0.1:{server.server_port}"
    print(json.dumps({"url": url, "username": "boss", "password": PASSWORD}), flush=True)
    try:
        server.serve_forever()
    finally:
        FOLDER.cleanup()


if __name__ == "__main__":
    main()
