"""Addresses of the year that is planned, of what follows a summons, and of people's own calendars."""

from django.urls import path

from governance.addresses import MEETING
from governance.views import agenda, calendars, calling, capacities, numbering, year

urlpatterns = [
    path("konto/rolle/", capacities.choose, name="choose_capacity"),
    path("konto/kalender/", calendars.own_calendar, name="own_calendar"),
    path("kalender/<str:token>.ics", calendars.feed, name="calendar_feed"),
    path("<slug:samarbeid>/moter/arshjul/", year.year_plan, name="year_plan"),
    path("<slug:samarbeid>/moter/arshjul/fast-sak/", year.new_fixed, name="new_fixed"),
    path("<slug:samarbeid>/moter/arshjul/fast-sak/<int:pk>/", year.edit_fixed, name="edit_fixed"),
    path("<slug:samarbeid>/moter/arshjul/fast-sak/<int:pk>/fjern/", year.stop_fixed, name="stop_fixed"),
    path("<slug:samarbeid>/moter/serie/", year.new_series, name="new_series"),
    path("<slug:samarbeid>/organ/<slug:organ>/saksnumre/", numbering.numbering, name="numbering"),
    path(f"{MEETING}saksliste/faste/", agenda.add_fixed, name="add_fixed"),
    path(f"{MEETING}saksliste/kopier/", agenda.copy_agenda, name="copy_agenda"),
    path(f"{MEETING}saksliste/<int:pk>/endre/", agenda.change_sent, name="change_sent"),
    path(f"{MEETING}svar/", calling.answer_summons, name="answer_summons"),
    path(f"{MEETING}svar/paminn/", calling.remind_of_replies, name="remind_of_replies"),
    path(f"{MEETING}papirer/<slug:hva>/", calling.open_papers, name="open_papers"),
]
