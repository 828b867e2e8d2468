"""Addresses of agreements and of the organisational form."""

from django.urls import path

from governance.views import agreement_texts, agreement_versions, agreements, legal_forms

FORM = "<slug:samarbeid>/organisasjonsform/"
ONE = "<slug:samarbeid>/avtaler/<slug:avtale>/"

about_the_form = [
    path(FORM, legal_forms.legal_form, name="legal_form"),
    path(f"{FORM}endre/", legal_forms.change_form, name="change_legal_form"),
    path(f"{FORM}<int:pk>/angre/", legal_forms.take_back_form, name="take_back_form"),
    path(f"{FORM}vurdering/ny/", legal_forms.raise_review, name="raise_form_review"),
    path(f"{FORM}vurdering/<int:pk>/", legal_forms.assess, name="assess_form"),
]

about_agreements = [
    path("<slug:samarbeid>/avtaler/", agreements.agreements, name="agreements"),
    path("<slug:samarbeid>/ny-avtale/", agreements.new_agreement, name="new_agreement"),
    path(ONE, agreements.agreement, name="agreement"),
    path(f"{ONE}skriv/", agreements.write_agreement, name="write_agreement"),
    path(f"{ONE}send/", agreements.send_agreement, name="send_agreement"),
    path(f"{ONE}avslutt/", agreements.end_agreement, name="end_agreement"),
    path(f"{ONE}pdf/", agreements.order_document, name="agreement_pdf"),
    path(f"{ONE}part/", agreements.add_party, name="add_party"),
    path(f"{ONE}part/<int:pk>/", agreements.write_value, name="write_value"),
    path(f"{ONE}part/<int:pk>/ut/", agreements.remove_party, name="remove_party"),
    path(f"{ONE}klausul/", agreement_texts.add_clause, name="add_clause"),
    path(f"{ONE}klausul/<int:pk>/", agreement_texts.edit_clause, name="edit_clause"),
    path(f"{ONE}klausul/<int:pk>/fjern/", agreement_texts.remove_clause, name="remove_clause"),
    path(f"{ONE}klausul/<int:pk>/flytt/<str:vei>/", agreement_texts.move_clause, name="move_clause"),
    path(f"{ONE}plikt/", agreement_texts.add_obligation, name="add_obligation"),
    path(f"{ONE}plikt/<int:pk>/", agreement_texts.edit_obligation, name="edit_obligation"),
    path(f"{ONE}plikt/<int:pk>/fjern/", agreement_texts.remove_obligation, name="remove_obligation"),
    path(f"{ONE}ny-versjon/", agreement_versions.new_version, name="new_agreement_version"),
    path(f"{ONE}sammenlign/<int:versjon>/", agreement_versions.compare, name="compare_agreements"),
    path(f"{ONE}i-kraft/", agreement_versions.set_in_force, name="agreement_in_force"),
    path(f"{ONE}part/<int:pk>/gar-ut/", agreement_versions.leave, name="leave_agreement"),
    path(f"{ONE}part/<int:pk>/vil-ut/", agreement_versions.wish_to_leave, name="wish_to_leave"),
    path(f"{ONE}opplosning/", agreement_versions.dissolve, name="dissolve_agreement"),
]

urlpatterns = [*about_the_form, *about_agreements]
