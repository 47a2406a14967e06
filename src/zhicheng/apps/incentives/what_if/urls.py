"""Addresses of what-ifs, below those of the room."""

from django.urls import path

from zhicheng.apps.incentives.what_if import views

urlpatterns = [
    path("", views.index, name="simulation"),
    path("new/", views.edit, name="scenario_edit"),
    path("run/", views.run, name="scenario_run"),
    path("save/", views.save, name="scenario_save"),
    path("sensitivity/", views.sensitivities, name="sensitivity"),
    path("sensitivity/export.<str:form>", views.sensitivity_file, name="sensitivity_file"),
    path("compare/", views.compare, name="scenario_compare"),
    path("<int:number>/", views.detail, name="scenario"),
    path("<int:number>/step/", views.step, name="scenario_step"),
    path("<int:number>/scenario.docx", views.word, name="scenario_word"),
    path("<int:number>/changes.yaml", views.changes_file, name="scenario_changes"),
    path("drafts/<int:number>/", views.draft_page, name="clause_draft_page"),
    path("drafts/<int:number>.yaml", views.draft_file, name="clause_draft"),
]
