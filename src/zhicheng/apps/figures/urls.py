"""Addresses of the room of figures."""

from django.urls import path

from zhicheng.apps.figures import views

app_name = "figures"

urlpatterns = [
    path("", views.index, name="index"),
    path("sources/", views.sources, name="sources"),
    path("<slug:identity>/", views.figure, name="figure"),
    path("<slug:identity>/rows.csv", views.rows_file, name="rows"),
    path("<slug:identity>/prepare/", views.prepare, name="prepare"),
    path("<slug:identity>/sign/<int:number>/", views.sign, name="sign"),
    path("<slug:identity>/withdraw/<int:number>/", views.withdraw, name="withdraw"),
]
