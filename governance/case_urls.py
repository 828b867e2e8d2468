"""Addresses of what belongs to a case: its public disclosure and what is attached to it."""

from django.urls import path

from governance.views import attachments, case_drafts, exemption, quoting

CASE = "<slug:samarbeid>/saker/<int:pk>/"

ATTACHMENT = "<slug:samarbeid>/vedlegg/<int:pk>/"

urlpatterns = [
    path(f"{CASE}offentlighet/", exemption.case_exemption, name="case_exemption"),
    path("<slug:samarbeid>/saker/ny/kladd/", case_drafts.keep_new_draft, name="keep_new_draft"),
    path("<slug:samarbeid>/saker/ny/kladd/forkast/", case_drafts.discard_new_draft, name="discard_new_draft"),
    path(f"{CASE}kladd/", case_drafts.keep_draft, name="keep_draft"),
    path(f"{CASE}kladd/forkast/", case_drafts.discard_draft, name="discard_draft"),
    path(f"{CASE}vedlegg/", attachments.attach, name="attach"),
    path(f"{ATTACHMENT}", attachments.case_attachment, name="case_attachment"),
    path(f"{ATTACHMENT}rediger/", attachments.edit_attachment, name="edit_attachment"),
    path(f"{ATTACHMENT}opp/", attachments.move_attachment, name="move_attachment"),
    path(f"{ATTACHMENT}fjern/", attachments.detach, name="detach"),
    path(f"{CASE}tidligere-vedtak/", quoting.earlier_decisions, name="earlier_decisions"),
    path(f"{CASE}siter/<slug:av>/<int:vedtak>/", quoting.quote_decision, name="quote_decision"),
    path(f"{CASE}hendelse/", exemption.case_event, name="case_event"),
]
