"""Addresses of the minutes and what follows from them."""

from django.urls import path

from governance.addresses import MEETING
from governance.views import agenda, follow_up, minutes

urlpatterns = [
    path(f"{MEETING}referat/", minutes.minutes, name="minutes"),
    path(f"{MEETING}referat/forhandsvis/", minutes.preview_minutes, name="preview_minutes"),
    path(f"{MEETING}referat/merknad/<int:pk>/", minutes.treat_remark, name="treat_remark"),
    path(f"{MEETING}referat/signer/", minutes.sign_minutes, name="sign_minutes"),
    path(f"{MEETING}referat/signer/angre/", minutes.remove_signature, name="remove_signature"),
    path(f"{MEETING}referat/publiser/", minutes.publish_minutes, name="publish_minutes"),
    path(f"{MEETING}referat/ta-ned/", minutes.take_down_minutes, name="take_down_minutes"),
    path(f"{MEETING}sak/<int:pk>/utskrift/", minutes.order_extract, name="order_extract"),
    path(f"{MEETING}saksliste/oppfolging/", agenda.add_follow_up, name="add_follow_up"),
    path(f"{MEETING}saksliste/ta-opp/<int:pk>/", agenda.take_up_again, name="take_up_again"),
    path("<slug:samarbeid>/saker/<int:pk>/ta-opp-innen/", follow_up.review_date, name="review_date"),
    path(f"{MEETING}referat/send/", minutes.send_minutes, name="send_minutes"),
    path(f"{MEETING}referat/svar/", minutes.remark, name="remark_on_minutes"),
    path(f"{MEETING}referat/godkjenn/", minutes.approve_minutes, name="approve_minutes"),
    path(f"{MEETING}referat/rett/", minutes.correct_minutes, name="correct_minutes"),
    path("<slug:samarbeid>/oppfolging/", follow_up.follow_up, name="follow_up"),
    path("<slug:samarbeid>/oppfolging/<int:pk>/", follow_up.point, name="point"),
    path("<slug:samarbeid>/oppfolging/<int:pk>/ansvarlig/", follow_up.hand_over_point, name="hand_over_point"),
    path("kommune/<str:nummer>/oppfolging/", follow_up.municipality_follow_up, name="municipality_follow_up"),
]
