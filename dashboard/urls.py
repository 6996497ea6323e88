"""Addresses of the desk."""

from django.urls import path

from dashboard.views import (
    audit,
    brief,
    bulletins,
    cases,
    claims,
    documents,
    drafts,
    emergency,
    errors,
    overview,
    people,
    portal,
    signin,
    sources,
    topics,
)

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("signin/", signin.sign_in, name="signin"),
    path("signout/", signin.sign_out, name="signout"),
    path("join/<str:token>/", signin.join, name="join"),
    path("topics/", topics.topic_list, name="topics"),
    path("topics/<str:code>/", topics.topic_page, name="topic"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<int:claim_id>/", claims.claim_page, name="claim"),
    path("documents/", documents.document_list, name="documents"),
    path("documents/export/", documents.export, name="export"),
    path("documents/<int:document_id>/", documents.document_page, name="document"),
    path("queue/", drafts.queue, name="queue"),
    path("drafts/<int:draft_id>/", drafts.draft_page, name="draft"),
    path("drafts/<int:draft_id>/<str:verb>/", drafts.act, name="draft_act"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:case_id>/", cases.case_page, name="case"),
    path("cases/<int:case_id>/take/", cases.take, name="take"),
    path("cases/<int:case_id>/met/<int:deadline_id>/", cases.meet, name="meet"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<str:slug>/", sources.source_page, name="source"),
    path("sources/<str:slug>/pause/", sources.pause, name="pause"),
    path("emergency/", emergency.emergency_page, name="emergency"),
    path("emergency/declare/", emergency.declare_view, name="declare"),
    path("emergency/<int:emergency_id>/stand-down/", emergency.stand_down_view, name="stand_down"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/<int:bulletin_id>/", bulletins.bulletin_page, name="bulletin"),
    path("audit/", audit.audit_list, name="audit"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:user_id>/active/", people.set_active, name="set_active"),
    path("brief/", brief.brief_page, name="brief"),
    path("portal/", portal.portal, name="portal"),
    path("portal/<path:name>", portal.portal, name="portal_file"),
    path("healthz", errors.healthz, name="healthz"),
]
handler403 = errors.forbidden
handler404 = errors.missing
handler500 = errors.broken
