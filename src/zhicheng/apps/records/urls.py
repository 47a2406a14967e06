"""Addresses of records: imports first, then any record type by its id."""

from django.urls import path

from zhicheng.apps.records import edit_views, import_views, views

app_name = "records"

urlpatterns = [
    path("", views.index, name="index"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/<uuid:key>/", import_views.change_set, name="change_set"),
    path("imports/<uuid:key>/progress/", import_views.progress, name="progress"),
    path("imports/<uuid:key>/remap/", import_views.remap, name="remap"),
    path("imports/<uuid:key>/decide/", import_views.decide, name="decide"),
    path("imports/<uuid:key>/rejects.csv", import_views.rejects, name="rejects"),
    path("matching/", edit_views.names, name="names"),
    path("disputes/", edit_views.dispute_list, name="disputes"),
    path("<slug:type_id>/", views.records, name="list"),
    path("<slug:type_id>/views/", views.keep_view, name="keep_view"),
    path("<slug:type_id>/export.csv", views.export, {"form": "csv"}, name="export"),
    path("<slug:type_id>/export.xlsx", views.export, {"form": "xlsx"}, name="export_xlsx"),
    path("<slug:type_id>/template.xlsx", views.blank, name="template"),
    path("<slug:type_id>/new/", edit_views.new, name="new"),
    path("<slug:type_id>/<int:number>/", views.detail, name="detail"),
    path("<slug:type_id>/<int:number>/edit/", edit_views.edit, name="edit"),
    path("<slug:type_id>/<int:number>/remove/", edit_views.remove, name="remove"),
    path("<slug:type_id>/<int:number>/dispute/", edit_views.dispute, name="dispute"),
]
