from django.urls import path

from . import views

urlpatterns = [
    path("", views.shelf, name="pantry"),
    path("add/<slug:slug>/", views.add, name="add"),
    path("remove/<slug:slug>/", views.remove, name="remove"),
]
