"""The bodies, who sits in them, and the people."""

from django.urls import path

from governance.views import bodies, body_facts, competences, people, positions, rules, seats, treatments

urlpatterns = [
    path("<slug:samarbeid>/nytt-organ/", bodies.new_body, name="new_body"),
    path("<slug:samarbeid>/organ/<slug:organ>/", bodies.body, name="body"),
    path("<slug:samarbeid>/organ/<slug:organ>/regler/", rules.body_rules, name="body_rules"),
    path("<slug:samarbeid>/organ/<slug:organ>/rediger/", bodies.edit_body, name="edit_body"),
    path("<slug:samarbeid>/organ/<slug:organ>/plass/", bodies.add_seat, name="add_seat"),
    path("<slug:samarbeid>/organ/<slug:organ>/status/", body_facts.set_status, name="set_body_status"),
    path("<slug:samarbeid>/organ/<slug:organ>/utpeking/", body_facts.nominate, name="nominate"),
    path("<slug:samarbeid>/organ/<slug:organ>/stilling/", positions.fill_position, name="fill_position"),
    path("<slug:samarbeid>/organ/<slug:organ>/kompetanse/", competences.want_competences, name="want_competences"),
    path("<slug:samarbeid>/organ/<slug:organ>/behandling/", treatments.record_treatment, name="record_treatment"),
    path("<slug:samarbeid>/behandling/<int:pk>/rett/", treatments.correct_treatment, name="correct_treatment"),
    path("<slug:samarbeid>/organrolle/", body_facts.serve_as, name="serve_as"),
    path("<slug:samarbeid>/organrolle/<int:pk>/avslutt/", body_facts.end_capacity, name="end_capacity"),
    path("<slug:samarbeid>/utpeking/<int:pk>/trekk/", body_facts.withdraw_nomination, name="withdraw_nomination"),
    path("<slug:samarbeid>/stilling/<int:pk>/endre/", positions.change_position, name="change_position"),
    path("<slug:samarbeid>/stilling/<int:pk>/avslutt/", positions.end_position, name="end_position"),
    path("<slug:samarbeid>/verv/", seats.seats, name="seats"),
    path("<slug:samarbeid>/verv/ledig/", seats.vacancies_of, name="vacancies"),
    path("<slug:samarbeid>/verv/<int:pk>/avslutt/", bodies.end_appointment, name="end_appointment"),
    path("<slug:samarbeid>/verv/<int:pk>/ta-tilbake/", bodies.take_back_appointment, name="take_back_appointment"),
    path("<slug:samarbeid>/verv/<int:pk>/rett/", bodies.correct_seat, name="correct_seat"),
    path("<slug:samarbeid>/efagrad/", seats.councils, name="councils"),
    path("<slug:samarbeid>/kompetanse/", competences.competences, name="competences"),
    path("<slug:samarbeid>/kompetanse/ny/", competences.name_competence, name="name_competence"),
    path("<slug:samarbeid>/personer/", people.people, name="people"),
    path("<slug:samarbeid>/personer/ny/", people.new_person, name="new_person"),
    path("<slug:samarbeid>/personer/titler/", people.titles, name="role_titles"),
    path("<slug:samarbeid>/personer/<int:pk>/", people.person, name="person"),
    path("<slug:samarbeid>/personer/<int:pk>/rediger/", people.edit_person, name="edit_person"),
    path("<slug:samarbeid>/personer/<int:pk>/rolle/", people.add_role, name="add_role"),
    path("<slug:samarbeid>/personer/<int:pk>/kompetanse/", competences.tell_competences, name="tell_competences"),
    path("<slug:samarbeid>/personer/<int:pk>/inviter/", people.invite, name="invite"),
    path("<slug:samarbeid>/personer/<int:pk>/trekk/", people.withdraw_invitation, name="withdraw_invitation"),
]
