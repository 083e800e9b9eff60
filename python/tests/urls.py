from django.contrib import admin, auth
from django.contrib.auth import authenticate, login, logout
from django.db.transaction import non_atomic_requests
from django.http import HttpResponse, JsonResponse
from django.urls import include, path


def read(request):
    return JsonResponse(dict(request.session.items()))


def write(request):
    for name, value in request.GET.items():
        request.session[name] = value
    return HttpResponse("written")


def sign_in(request):
    login(request, authenticate(username=request.GET["name"], password="pass"))
    return HttpResponse("in")


async def sign_in_async(request):
    await auth.alogin(request, await auth.aauthenticate(username=request.GET["name"], password="pass"))
    return HttpResponse("in")


@non_atomic_requests
async def read_async(request):
    return JsonResponse(dict(await request.session.aitems()))


async def write_async(request):
    await request.session.aupdate(request.GET.dict())
    return HttpResponse("written")


def sign_out(request):
    logout(request)
    return HttpResponse("out")


def who(request):
    return HttpResponse(request.user.get_username())


def nothing(request):
    return HttpResponse("nothing")


def broken(request):
    request.session["cart"] = "lost"
    return HttpResponse("broken", status=500)


urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/sessions/", include("innkeeper.urls")),
    path("read", read),
    path("write", write),
    path("read-async", read_async),
    path("write-async", write_async),
    path("in", sign_in),
    path("in-async", sign_in_async),
    path("out", sign_out),
    path("who", who),
    path("nothing", nothing),
    path("broken", broken),
]
