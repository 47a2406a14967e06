"""Addresses of the room."""

from django.urls import URLPattern, path
from django.http import HttpResponse

app_name = "consultation"
urlpatterns: list[URLPattern] = [path("s/<str:token>/", lambda r, token: HttpResponse(""), name="personal")]
