"""Addresses of what happens in a meeting, and in a written treatment."""

from django.urls import path

from governance.addresses import MEETING
from governance.views import attendance, disqualifications, resolving, rounds, running

urlpatterns = [
    path("<slug:samarbeid>/moter/<slug:organ>/skriftlig/", rounds.new_round, name="new_round"),
    path(f"{MEETING}start/", attendance.start_meeting, name="start_meeting"),
    path(f"{MEETING}gjennomfor/", running.run_meeting, name="run_meeting"),
    path(f"{MEETING}oppmote/", attendance.attendance, name="attendance"),
    path(f"{MEETING}deltakere/", attendance.describe_meeting, name="describe_meeting"),
    path(f"{MEETING}sak/<int:pk>/", resolving.resolve, name="resolve"),
    path(f"{MEETING}sak/<int:pk>/som-foreslatt/", resolving.resolve_as_usual, name="resolve_as_usual"),
    path(f"{MEETING}sak/<int:pk>/endring/", attendance.record_change, name="record_change"),
    path(f"{MEETING}endring/<int:pk>/fjern/", attendance.remove_change, name="remove_change"),
    path(f"{MEETING}sak/<int:pk>/notat/", resolving.note_treatment, name="note_treatment"),
    path(f"{MEETING}sak/<int:pk>/fratrer/", disqualifications.step_down, name="step_down"),
    path(f"{MEETING}sak/<int:pk>/inhabilitet/", disqualifications.new_question, name="new_disqualification"),
    path(f"{MEETING}inhabilitet/<int:pk>/", disqualifications.question, name="disqualification"),
    path(f"{MEETING}inhabilitet/<int:pk>/fjern/", disqualifications.remove, name="remove_disqualification"),
    path("<slug:samarbeid>/saker/<int:pk>/meld-inhabilitet/", disqualifications.warn, name="warn_of_disqualification"),
    path(f"{MEETING}avslutt/", running.end_meeting, name="end_meeting"),
    path(f"{MEETING}frist/", rounds.prolong_round, name="prolong_round"),
    path(f"{MEETING}paminn/", rounds.remind_round, name="remind_round"),
    path(f"{MEETING}lukk/", rounds.close_round, name="close_round"),
    path(f"{MEETING}sak/<int:pk>/inhabil-skriftlig/", rounds.step_out, name="step_out"),
    path(f"{MEETING}sak/<int:pk>/oppfolging/", rounds.assign_points, name="assign_points"),
]
