"""Addresses of cases and meetings."""

from django.urls import path

from governance.addresses import MEETING
from governance.views import agenda, cases, earlier, meetings

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
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}rediger/", meetings.edit_meeting, name="edit_meeting"),
    path(f"{MEETING}avlys/", meetings.cancel_meeting, name="cancel_meeting"),
    path(f"{MEETING}saksliste/", agenda.agenda, name="agenda"),
    path(f"{MEETING}saksliste/referat/", agenda.add_minutes_approval, name="add_minutes_approval"),
    path(f"{MEETING}saksliste/<int:pk>/<str:vei>/", agenda.move_item, name="move_item"),
    path(f"{MEETING}send/", agenda.send_agenda, name="send_agenda"),
]

urlpatterns = [*about_cases, *about_meetings]
