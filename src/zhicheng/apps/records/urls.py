"""Addresses of records: imports first, then any record type by its id."""

from django.urls import path

from zhicheng.apps.records import views

app_name = "records"

urlpatterns = [
    path("", views.index, name="index"),
    path("imports/", views.imports, name="imports"),
    path("imports/<uuid:key>/", views.change_set, name="change_set"),
    path("imports/<uuid:key>/decide/", views.decide, name="decide"),
    path("imports/<uuid:key>/rejects.csv", views.rejects, name="rejects"),
    path("matching/", views.names, name="names"),
    path("<slug:type_id>/", views.records, name="list"),
    path("<slug:type_id>/export.csv", views.export, name="export"),
    path("<slug:type_id>/template.xlsx", views.blank, name="template"),
    path("<slug:type_id>/<int:number>/", views.detail, name="detail"),
]
