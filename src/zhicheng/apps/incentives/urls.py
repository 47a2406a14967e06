"""Addresses of the room of policies paid out."""

from django.urls import include, path

app_name = "incentives"

urlpatterns = [
    path("simulation/", include("zhicheng.apps.incentives.simulation_urls")),
]
