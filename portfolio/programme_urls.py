from django.urls import path

from portfolio.views import evaluations, gatherings, programmes, registrations

OF_PROJECT = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/samlinger/"
ALL = "<slug:samarbeid>/samlinger/"
ONE = f"{ALL}<int:pk>/"

urlpatterns = [
    path(OF_PROJECT, programmes.programme, name="programme"),
    path(f"{OF_PROJECT}ny/", gatherings.new, name="new_gathering"),
    path(f"{OF_PROJECT}malgrupper/", programmes.target_groups, name="target_groups"),
    path(f"{OF_PROJECT}deltakelse/", programmes.attendance, name="programme_attendance"),
    path(ALL, gatherings.gatherings, name="gatherings"),
    path(ONE, gatherings.gathering, name="gathering"),
    path(f"{ONE}endre/", gatherings.change, name="change_gathering"),
    path(f"{ONE}kunngjor/", gatherings.announce, name="announce_gathering"),
    path(f"{ONE}avlys/", gatherings.cancel, name="cancel_gathering"),
    path(f"{ONE}holdt/", gatherings.hold, name="hold_gathering"),
    path(f"{ONE}kalender.ics", gatherings.calendar, name="gathering_calendar"),
    path(f"{ONE}deltakere/", registrations.participants, name="gathering_participants"),
    path(f"{ONE}meld-pa/<str:nummer>/", registrations.register, name="register_participants"),
    path(f"{ONE}send-ingen/<str:nummer>/", registrations.decline, name="decline_gathering"),
    path(f"{ONE}meld-meg-pa/", registrations.register_self, name="register_self"),
    path(f"{ALL}pamelding/<int:pk>/meld-av/", registrations.withdraw, name="withdraw_registration"),
    path(f"{ONE}evaluering/", evaluations.evaluate, name="evaluate_gathering"),
    path("offentlig/evaluering/<str:lenke>/", evaluations.answer, name="answer_evaluation"),
]
