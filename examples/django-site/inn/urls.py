from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("pantry.urls")),
    path("accounts/", include("django.contrib.auth.urls")),
    path("account/sessions/", include("innkeeper.urls")),  # where the user is signed in; `innkeeper serve` has the same
    path("admin/", admin.site.urls),
]
