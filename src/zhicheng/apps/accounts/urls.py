"""Addresses of the account pages; sign-in itself is allauth's, under the same path."""

from django.urls import path

from zhicheng.apps.accounts import agency_views, audit_views, me_views, password_views, user_views

app_name = "accounts"

urlpatterns = [
    path("me/", me_views.me, name="me"),
    path("me/tokens/<int:pk>/revoke/", me_views.revoke, name="revoke"),
    path("me/sessions/end/", me_views.end_sessions, name="end_sessions"),
    path("users/", user_views.user_list, name="users"),
    path("users/new/", user_views.open_account, name="open"),
    path("users/<str:username>/", user_views.user_detail, name="user"),
    path("users/<str:username>/role/", user_views.grant_role, name="grant"),
    path("users/<str:username>/<slug:name>/", user_views.step, name="step"),
    path("agents/", agency_views.agent_list, name="agents"),
    path("agents/<int:pk>/letter/", agency_views.letter, name="letter"),
    path("agents/<int:pk>/<slug:name>/", agency_views.agent_step, name="agent_step"),
    path("audit/", audit_views.trail, name="audit"),
    path("audit/verify/", audit_views.verify, name="verify"),
    path("audit/<int:number>/", audit_views.event, name="event"),
    path("password/change/", password_views.change, name="change_password"),
]
