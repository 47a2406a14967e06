"""Addresses of the shell: home, the links of the chain."""

from django.urls import path

from zhicheng.apps.web import chain, gallery, search

app_name = "web"

urlpatterns = [
    path("components/", gallery.gallery, name="components"),
    path("search/", search.search, name="search"),
    path("chain/<slug:link>/", chain.link, name="chain"),
]
