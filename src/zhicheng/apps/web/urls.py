"""Addresses of the shell: home, the links of the chain."""

from django.urls import path

from zhicheng.apps.web import chain, home

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("chain/<slug:link>/", chain.link, name="chain"),
]
