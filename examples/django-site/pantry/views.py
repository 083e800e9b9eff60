from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from .cart import Cart
from .goods import GOODS


@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    return render(request, "pantry/shelf.html", {"goods": GOODS, "cart": Cart(request.session)})


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in GOODS:
        raise Http404
    Cart(request.session).add(slug)
    return redirect("pantry")


@require_POST
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    Cart(request.session).remove(slug)
    return redirect("pantry")
