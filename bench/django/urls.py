from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path


def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.user.get_username()} has {len(request.session['cart'])} things")


urlpatterns = [path("admin/", admin.site.urls), path("read", read)]
