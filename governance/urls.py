from django.urls import path

from governance import meeting_urls
from governance.views import (
    adoptions,
    agreements,
    bodies,
    collaborations,
    delegations,
    forwardings,
    matters,
    organisations,
    people,
)

who_we_are = [
    path("nytt-samarbeid/", collaborations.new, name="new_collaboration"),
    path("kommune/<str:nummer>/", organisations.municipality, name="municipality"),
    path("kommune/<str:nummer>/kontakt/", organisations.edit_contact, name="edit_contact"),
    path("<slug:samarbeid>/", collaborations.collaboration, name="collaboration"),
    path("<slug:samarbeid>/rediger/", collaborations.edit, name="edit_collaboration"),
    path("<slug:samarbeid>/kom-i-gang/", collaborations.getting_started, name="getting_started"),
    path("<slug:samarbeid>/medlemmer/", collaborations.members, name="members"),
    path("<slug:samarbeid>/medlemmer/ny/", collaborations.add_member, name="add_member"),
    path("<slug:samarbeid>/medlemmer/ny-kommune/", collaborations.new_municipality, name="new_municipality"),
    path("<slug:samarbeid>/medlemmer/<int:pk>/avslutt/", collaborations.end_member, name="end_member"),
    path("<slug:samarbeid>/ansvar/ny/", collaborations.lay_duty, name="lay_duty"),
    path("<slug:samarbeid>/ansvar/<int:pk>/avslutt/", collaborations.end_duty, name="end_duty"),
    path("<slug:samarbeid>/nytt-organ/", bodies.new_body, name="new_body"),
    path("<slug:samarbeid>/organ/<slug:organ>/", bodies.body, name="body"),
    path("<slug:samarbeid>/organ/<slug:organ>/rediger/", bodies.edit_body, name="edit_body"),
    path("<slug:samarbeid>/organ/<slug:organ>/plass/", bodies.add_seat, name="add_seat"),
    path("<slug:samarbeid>/verv/<int:pk>/avslutt/", bodies.end_appointment, name="end_appointment"),
    path("<slug:samarbeid>/personer/", people.people, name="people"),
    path("<slug:samarbeid>/personer/ny/", people.new_person, name="new_person"),
    path("<slug:samarbeid>/personer/<int:pk>/", people.person, name="person"),
    path("<slug:samarbeid>/personer/<int:pk>/rediger/", people.edit_person, name="edit_person"),
    path("<slug:samarbeid>/personer/<int:pk>/rolle/", people.add_role, name="add_role"),
    path("<slug:samarbeid>/personer/<int:pk>/inviter/", people.invite, name="invite"),
]

what_we_agree = [
    path("<slug:samarbeid>/avtaler/", agreements.agreements, name="agreements"),
    path("<slug:samarbeid>/ny-avtale/", agreements.new_agreement, name="new_agreement"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/", agreements.agreement, name="agreement"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/skriv/", agreements.write_agreement, name="write_agreement"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/send/", agreements.send_agreement, name="send_agreement"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/avslutt/", agreements.end_agreement, name="end_agreement"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/pdf/", agreements.order_document, name="agreement_pdf"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/part/", agreements.add_party, name="add_party"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/part/<int:pk>/", agreements.write_value, name="write_value"),
    path("<slug:samarbeid>/avtaler/<slug:avtale>/part/<int:pk>/ut/", agreements.remove_party, name="remove_party"),
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

urlpatterns = [*meeting_urls.urlpatterns, *who_we_are, *what_we_agree, *what_is_delegated, *what_goes_on]
