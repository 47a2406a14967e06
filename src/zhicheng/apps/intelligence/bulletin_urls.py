"""Addresses of bulletins: what anybody may read first, then what those who write them use."""

from django.urls import path

from zhicheng.apps.intelligence import bulletin_public_views as public
from zhicheng.apps.intelligence import bulletin_views as views

urlpatterns = [
    path("bulletins/published/", public.published, name="published_bulletins"),
    path("bulletins/published/<int:number>/", public.published_one, name="published_bulletin"),
    path(
        "bulletins/published/<int:number>/figures.<slug:form>",
        public.open_data,
        name="published_bulletin_data",
    ),
    path(
        "bulletins/published/<int:number>/file.<slug:form>",
        public.published_file,
        name="published_bulletin_file",
    ),
    path("bulletins/", views.index, name="bulletins"),
    path("bulletins/new/", views.begin, name="bulletin_begin"),
    path("bulletins/check/", views.check, name="bulletin_check"),
    path("bulletins/find/", views.find_figures, name="bulletin_find"),
    path("bulletins/<int:number>/", views.bulletin, name="bulletin"),
    path("bulletins/<int:number>/preview/", views.preview, name="bulletin_preview"),
    path("bulletins/<int:number>/step/", views.step, name="bulletin_step"),
    path("bulletins/<int:number>/versions/<int:revision>/", views.version, name="bulletin_version"),
    path("bulletins/<int:number>/file.<slug:form>", views.file, name="bulletin_file"),
]
