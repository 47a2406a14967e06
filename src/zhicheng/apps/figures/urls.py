"""Addresses of the room of figures."""

from django.urls import path

from zhicheng.apps.figures import signing_views, views

app_name = "figures"

urlpatterns = [
    path("", views.index, name="index"),
    path("list.csv", views.list_file, {"form": "csv"}, name="list_csv"),
    path("list.xlsx", views.list_file, {"form": "xlsx"}, name="list_xlsx"),
    path("sources/", views.sources, name="sources"),
    path("to-sign/", views.to_sign, name="to_sign"),
    path("prepare/", signing_views.prepare_many, name="prepare_many"),
    path("sign/", signing_views.sign_many, name="sign_many"),
    path("<slug:identity>/", views.figure, name="figure"),
    path("<slug:identity>/rows.csv", views.rows_file, {"form": "csv"}, name="rows"),
    path("<slug:identity>/rows.xlsx", views.rows_file, {"form": "xlsx"}, name="rows_xlsx"),
    path("<slug:identity>/target/", signing_views.goal, {"kind": "targets"}, name="target"),
    path("<slug:identity>/rank/", signing_views.goal, {"kind": "quoted_ranks"}, name="rank"),
    path("<slug:identity>/prepare/", signing_views.prepare, name="prepare"),
    path("<slug:identity>/sign/<int:number>/", signing_views.sign, name="sign"),
    path("<slug:identity>/discard/<int:number>/", signing_views.discard, name="discard"),
    path("<slug:identity>/change/<int:number>/", signing_views.change, name="change"),
]
