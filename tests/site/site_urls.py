"""The example site's pages, and a few that a test needs to look into a session and to hold a request up."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import include, path


def members(request):
    names = [name for name in request.session.keys() if not name.startswith("_")]
    return JsonResponse({name: request.session[name] for name in names})


def put(request, name, value):
    request.session[name] = value
    return HttpResponse("put")


def put_slowly(request, name, value):
    """Reads the session, says so in one pipe, and goes on when another one says so."""
    request.session[name] = value
    pipes = Path(os.environ["SITE_PIPES"])
    (pipes / "reached").write_text("here\n")
    (pipes / "go").read_text()
    return HttpResponse("put")


def lasts(request, seconds):
    """An end of the session's own, as a date: without USE_TZ it has no offset."""
    request.session["lasts"] = seconds
    now = datetime.now() if not settings.USE_TZ else datetime.now().astimezone()
    request.session.set_expiry(now + timedelta(seconds=seconds))
    return HttpResponse("set")


urlpatterns = [
    path("test/members/", members),
    path("test/put/<name>/<int:value>/", put),
    path("test/put-slowly/<name>/<int:value>/", put_slowly),
    path("test/lasts/<int:seconds>/", lasts),
    path("", include("inn.urls")),
]
