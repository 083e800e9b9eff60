"""The pages for a site's users: `path("account/sessions/", include("innkeeper.urls"))`."""

from django.urls import path, re_path

from . import views

app_name = "innkeeper"

urlpatterns = [
    path("", views.SessionListView.as_view(), name="session_list"),
    path("end-others/", views.EndOthersView.as_view(), name="session_end_others"),
    re_path(r"^(?P<session_id>[0-9a-f]{40})/end/$", views.EndSessionView.as_view(), name="session_end"),
]
