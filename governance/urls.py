from django.urls import path

from governance import (
    agreement_urls,
    body_urls,
    case_urls,
    meeting_urls,
    minutes_urls,
    organisation_urls,
    planning_urls,
    proposal_urls,
    public_urls,
    running_urls,
)
from governance.views import (
    adoptions,
    collaborations,
    delegations,
    emergency,
    former_members,
    forwardings,
    matters,
    organisations,
)

who_we_are = [
    path("konto/nodtilgang/", emergency.own_accesses, name="emergency"),
    path("konto/nodtilgang/<int:pk>/avslutt/", emergency.end, name="end_emergency"),
    path("<slug:samarbeid>/nodtilgang/", emergency.accesses, name="emergency_accesses"),
    path("nytt-samarbeid/", collaborations.new, name="new_collaboration"),
    path("kommune/<str:nummer>/", organisations.municipality, name="municipality"),
    path("kommune/<str:nummer>/historie/", organisations.history, name="municipality_history"),
    path("kommune/<str:nummer>/medlemskap/<int:pk>/", organisations.confirm_membership, name="confirm_membership"),
    path("kommune/<str:nummer>/tidligere/<slug:samarbeid>/", former_members.former, name="former_collaboration"),
    path(
        "kommune/<str:nummer>/tidligere/<slug:samarbeid>/<slug:avdeling>/<int:pk>/",
        former_members.former_thing,
        name="former_thing",
    ),
    path("kommune/<str:nummer>/medlemskap/<int:pk>/nei/", organisations.contest_membership, name="contest_membership"),
    path("kommune/<str:nummer>/kontakt/", organisations.edit_contact, name="edit_contact"),
    path("<slug:samarbeid>/", collaborations.collaboration, name="collaboration"),
    path("<slug:samarbeid>/rediger/", collaborations.edit, name="edit_collaboration"),
    path("<slug:samarbeid>/kom-i-gang/", collaborations.getting_started, name="getting_started"),
    path("<slug:samarbeid>/medlemmer/", collaborations.members, name="members"),
    path("<slug:samarbeid>/medlemmer/ny/", collaborations.add_member, name="add_member"),
    path("<slug:samarbeid>/medlemmer/ny-kommune/", collaborations.new_municipality, name="new_municipality"),
    path("<slug:samarbeid>/medlemmer/<int:pk>/rediger/", collaborations.edit_member, name="edit_member"),
    path("<slug:samarbeid>/medlemmer/<int:pk>/avslutt/", collaborations.end_member, name="end_member"),
    path("<slug:samarbeid>/ansvar/ny/", collaborations.lay_duty, name="lay_duty"),
    path("<slug:samarbeid>/ansvar/<int:pk>/avslutt/", collaborations.end_duty, name="end_duty"),
]

what_we_agree = [
    path("<slug:samarbeid>/vedtak/", adoptions.adoptions, name="adoptions"),
    path("<slug:samarbeid>/vedtak/matrise/", adoptions.adoption_matrix, name="adoption_matrix"),
    path("<slug:samarbeid>/vedtak/kart/", adoptions.adoption_map, name="adoption_map"),
    path("<slug:samarbeid>/vedtak/sak/<slug:sak>/", matters.matter, name="matter"),
    path("<slug:samarbeid>/vedtak/sak/<slug:sak>/frist/", matters.move_deadline, name="move_deadline"),
    path("<slug:samarbeid>/vedtak/sak/<slug:sak>/forslag/", matters.change_proposal, name="change_proposal"),
    path("<slug:samarbeid>/vedtak/sak/<slug:sak>/send/", matters.ask_more, name="ask_more"),
    path("<slug:samarbeid>/vedtak/sak/<slug:sak>/paminn/", matters.remind_all, name="remind_all"),
    path("<slug:samarbeid>/vedtak/<int:pk>/", adoptions.adoption, name="adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/registrer/", adoptions.register, name="register_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/etter-delegasjon/", adoptions.register_by_delegation, name="decide_on_spot"),
    path("<slug:samarbeid>/vedtak/<int:pk>/rett/", adoptions.correct, name="correct_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/til-behandling/", adoptions.schedule, name="schedule_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/pa-vegne/", adoptions.register_on_behalf, name="register_on_behalf"),
    path("<slug:samarbeid>/vedtak/<int:pk>/bekreft/", adoptions.confirm, name="confirm_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/innsigelse/", adoptions.object_to, name="object_to_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/paminn/", adoptions.remind, name="remind_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/utskrift/", adoptions.extract, name="adoption_extract"),
]

what_is_delegated = [
    path("kommune/<str:nummer>/delegering/", delegations.delegations, name="delegations"),
    path("kommune/<str:nummer>/delegering/ny/", delegations.new_delegation, name="new_delegation"),
    path("kommune/<str:nummer>/delegering/<int:pk>/rett/", delegations.edit_delegation, name="edit_delegation"),
    path("kommune/<str:nummer>/delegering/<int:pk>/avslutt/", delegations.end_delegation, name="end_delegation"),
    path("kommune/<str:nummer>/delegering/<int:pk>/svar/", delegations.answer_delegation, name="answer_delegation"),
    path(
        "kommune/<str:nummer>/delegering/<int:pk>/utskrift/", delegations.delegation_extract, name="delegation_extract"
    ),
    path(
        "<slug:samarbeid>/medlemmer/<str:nummer>/delegering/",
        delegations.delegation_on_behalf,
        name="delegation_on_behalf",
    ),
]

what_goes_on = [
    path("<slug:samarbeid>/saker/<int:pk>/oversend/", forwardings.forward_case, name="forward_case"),
    path("<slug:samarbeid>/oversending/<int:pk>/svar/", forwardings.answer_forwarding, name="answer_forwarding"),
]

urlpatterns = [
    # First: «offentlig» is no collaboration.
    *public_urls.urlpatterns,
    *case_urls.urlpatterns,
    *body_urls.urlpatterns,
    *planning_urls.urlpatterns,
    *meeting_urls.urlpatterns,
    *running_urls.urlpatterns,
    *minutes_urls.urlpatterns,
    *organisation_urls.urlpatterns,
    *proposal_urls.urlpatterns,
    *who_we_are,
    *agreement_urls.urlpatterns,
    *what_we_agree,
    *what_is_delegated,
    *what_goes_on,
]
