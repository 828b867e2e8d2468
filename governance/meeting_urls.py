"""Addresses of cases and meetings."""

from django.urls import path

from governance.views import agenda, cases, earlier, meetings, minutes, rounds, running

MEETING = "<slug:samarbeid>/moter/<slug:organ>/<int:nummer>-<int:aar>/"

about_cases = [
    path("<slug:samarbeid>/saker/", cases.cases, name="cases"),
    path("<slug:samarbeid>/saker/ny/", cases.new_case, name="new_case"),
    path("<slug:samarbeid>/saker/<int:pk>/", cases.case_draft, name="case_draft"),
    path("<slug:samarbeid>/saker/<int:pk>/rediger/", cases.edit_case, name="edit_case"),
    path("<slug:samarbeid>/saker/<int:pk>/trekk/", cases.withdraw_case, name="withdraw_case"),
    path("<slug:samarbeid>/saker/<int:pk>/klar/", cases.change_stage, {"verb": "klar"}, name="case_ready"),
    path("<slug:samarbeid>/saker/<int:pk>/utkast/", cases.change_stage, {"verb": "utkast"}, name="case_back"),
    path("<slug:samarbeid>/saker/<int:pk>/ta-opp/", cases.change_stage, {"verb": "ta-opp"}, name="bring_back_case"),
    path("<slug:samarbeid>/saker/<int:pk>/syn/<str:nummer>/", cases.give_view, name="give_view"),
    path("<slug:samarbeid>/saker/<slug:organ>/<int:nummer>-<int:aar>/", cases.case, name="case"),
]

about_meetings = [
    path("<slug:samarbeid>/moter/", meetings.meetings, name="meetings"),
    path("<slug:samarbeid>/moter/nytt/", meetings.new_meeting, name="new_meeting"),
    path(
        "<slug:samarbeid>/moter/<slug:organ>/tidligere-vedtak/", earlier.earlier_resolution, name="earlier_resolution"
    ),
    path("<slug:samarbeid>/moter/<slug:organ>/skriftlig/", rounds.new_round, name="new_round"),
    path("<slug:samarbeid>/oppfolging/", meetings.follow_up, name="follow_up"),
    path("<slug:samarbeid>/oppfolging/<int:pk>/", meetings.mark_point, name="mark_point"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}rediger/", meetings.edit_meeting, name="edit_meeting"),
    path(f"{MEETING}avlys/", meetings.cancel_meeting, name="cancel_meeting"),
    path(f"{MEETING}saksliste/", agenda.agenda, name="agenda"),
    path(f"{MEETING}saksliste/referat/", agenda.add_minutes_approval, name="add_minutes_approval"),
    path(f"{MEETING}saksliste/<int:pk>/<str:vei>/", agenda.move_item, name="move_item"),
    path(f"{MEETING}send/", agenda.send_agenda, name="send_agenda"),
    path(f"{MEETING}start/", running.start_meeting, name="start_meeting"),
    path(f"{MEETING}gjennomfor/", running.run_meeting, name="run_meeting"),
    path(f"{MEETING}oppmote/", running.attendance, name="attendance"),
    path(f"{MEETING}deltakere/", running.describe_meeting, name="describe_meeting"),
    path(f"{MEETING}sak/<int:pk>/", running.resolve, name="resolve"),
    path(f"{MEETING}sak/<int:pk>/som-foreslatt/", running.resolve_as_usual, name="resolve_as_usual"),
    path(f"{MEETING}sak/<int:pk>/endring/", running.record_change, name="record_change"),
    path(f"{MEETING}endring/<int:pk>/fjern/", running.remove_change, name="remove_change"),
    path(f"{MEETING}avslutt/", running.end_meeting, name="end_meeting"),
    path(f"{MEETING}frist/", rounds.prolong_round, name="prolong_round"),
    path(f"{MEETING}paminn/", rounds.remind_round, name="remind_round"),
    path(f"{MEETING}lukk/", rounds.close_round, name="close_round"),
    path(f"{MEETING}sak/<int:pk>/oppfolging/", rounds.assign_points, name="assign_points"),
    path(f"{MEETING}referat/send/", minutes.send_minutes, name="send_minutes"),
    path(f"{MEETING}referat/svar/", minutes.remark, name="remark_on_minutes"),
    path(f"{MEETING}referat/godkjenn/", minutes.approve_minutes, name="approve_minutes"),
    path(f"{MEETING}referat/rett/", minutes.correct_minutes, name="correct_minutes"),
]

urlpatterns = [*about_cases, *about_meetings]
