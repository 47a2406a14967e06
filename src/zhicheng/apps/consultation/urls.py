"""Addresses of the room; `s/` is the only part that needs no sign-in, and opens nothing without a valid link."""

from django.urls import URLPattern, path

from zhicheng.apps.consultation import board_views, item_views, personal_views, session_views, speech_views

app_name = "consultation"

urlpatterns: list[URLPattern] = [
    path("", session_views.index, name="index"),
    path("sessions/new/", session_views.new, name="session_new"),
    path("sessions/<str:number>/", session_views.session, name="session"),
    path("sessions/<str:number>/reconcile/", session_views.reconcile, name="reconcile"),
    path("sessions/<str:number>/passages/", session_views.passage, name="passage"),
    path("sessions/<str:number>/<slug:step>/", session_views.session_step, name="session_step"),
    path("packages/<str:number>/", session_views.package, name="package"),
    path("packages/<str:number>/word/", session_views.package_word, name="package_word"),
    path("people/<int:number>/", session_views.participant, name="participant"),
    path("people/<int:number>/step/", session_views.participant_step, name="participant_step"),
    path("speeches/<int:number>/", speech_views.speech, name="speech"),
    path("items/", item_views.items, name="items"),
    path("items/export/", item_views.export, name="export"),
    path("items/<str:number>/", item_views.item, name="item"),
    path("items/<str:number>/<slug:name>/", item_views.act, name="act"),
    path("decide/<slug:kind>/<int:number>/", item_views.decide, name="decide"),
    path("evidence/<int:number>/", item_views.evidence, name="evidence"),
    path("letters/<int:number>/", item_views.letter, name="letter"),
    path("letters/<int:number>/word/", item_views.letter_word, name="letter_word"),
    path("board/", board_views.board, name="board"),
    path("groups/new/", session_views.group_new, name="group_new"),
    path("groups/<slug:code>/", board_views.group, name="group"),
    path("notices/", board_views.notices, name="notices"),
    path("transfers/", board_views.transfers, name="transfers"),
    path("transfers/<int:number>/", board_views.transfer_step, name="transfer_step"),
    path("samples/", board_views.samples, name="samples"),
    path("samples/<int:number>/", board_views.sample_step, name="sample_step"),
    path("rules/", board_views.rules, name="rules"),
    path("mine/", personal_views.mine, name="mine"),
    path("mine/<int:speaker>/<str:number>/<slug:step>/", personal_views.mine_step, name="mine_step"),
    path("s/<str:token>/", personal_views.personal, name="personal"),
    path("s/<str:token>/files/<int:number>/", personal_views.personal_file, name="personal_file"),
    path("s/<str:token>/<str:number>/<slug:step>/", personal_views.personal_step, name="personal_step"),
]
