"""Addresses of records: imports first, then any record type by its id."""

from django.urls import path

from zhicheng.apps.records import bulk_views, edit_views, import_views, name_views, review_views, views

app_name = "records"

urlpatterns = [
    path("", views.index, name="index"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/files/<uuid:token>/", import_views.assign, name="assign"),
    path("imports/<uuid:key>/", review_views.change_set, name="change_set"),
    path("imports/<uuid:key>/progress/", review_views.progress, name="progress"),
    path("imports/<uuid:key>/remap/", import_views.remap, name="remap"),
    path("imports/<uuid:key>/decide/", review_views.decide, name="decide"),
    path("imports/<uuid:key>/rejects.csv", review_views.rejects, {"form": "csv"}, name="rejects"),
    path("imports/<uuid:key>/rejects.xlsx", review_views.rejects, {"form": "xlsx"}, name="rejects_xlsx"),
    path("writing/", review_views.writing, name="writing"),
    path("matching/", name_views.names, name="names"),
    path("matching/<int:number>/", name_views.name, name="name"),
    path("disputes/", edit_views.dispute_list, name="disputes"),
    path("<slug:type_id>/", views.records, name="list"),
    path("<slug:type_id>/bulk/", bulk_views.bulk, name="bulk"),
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
