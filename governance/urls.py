from django.urls import path

from governance import meeting_urls
from governance.views import adoptions, agreements, bodies, collaborations, organisations, people

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
    path("<slug:samarbeid>/vedtak/<int:pk>/", adoptions.adoption, name="adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/registrer/", adoptions.register, name="register_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/rett/", adoptions.correct, name="correct_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/til-behandling/", adoptions.schedule, name="schedule_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/pa-vegne/", adoptions.register_on_behalf, name="register_on_behalf"),
    path("<slug:samarbeid>/vedtak/<int:pk>/bekreft/", adoptions.confirm, name="confirm_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/innsigelse/", adoptions.object_to, name="object_to_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/paminn/", adoptions.remind, name="remind_adoption"),
    path("<slug:samarbeid>/vedtak/<int:pk>/utskrift/", adoptions.extract, name="adoption_extract"),
]

urlpatterns = [*meeting_urls.urlpatterns, *who_we_are, *what_we_agree]
