"""Addresses of the room of public texts and bulletins."""

from django.urls import path

from zhicheng.apps.intelligence import benchmark_views, bulletin_urls, views

app_name = "intelligence"

urlpatterns = [
    path("", views.index, name="index"),
    path("upload/", views.upload, name="upload"),
    path("batches/<uuid:key>/", views.batch, name="batch"),
    path("batches/<uuid:key>/progress/", views.batch_progress, name="batch_progress"),
    path("batches/<uuid:key>/step/", views.batch_step, name="batch_step"),
    path("articles/<int:number>/", views.article, name="article"),
    path("articles/<int:number>/figures/<int:figure>/", views.decide, name="decide"),
    path("articles/<int:number>/people/", views.confirm, name="confirm_person"),
    path("quotes/", benchmark_views.quotes, name="quotes"),
    path("quotes/<int:number>/supersede/", benchmark_views.supersede, name="supersede"),
    path("benchmark/", benchmark_views.benchmark_page, name="benchmark"),
    path("benchmark.csv", benchmark_views.benchmark_file, name="benchmark_file"),
    path("watch/", benchmark_views.watch, name="watch"),
    *bulletin_urls.urlpatterns,
]
