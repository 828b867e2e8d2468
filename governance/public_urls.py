"""Addresses that need no sign-in."""

from django.urls import path

from governance.views import public

HERE = "offentlig/<slug:samarbeid>/"
MEETING = f"{HERE}moter/<slug:organ>/<int:nummer>-<int:aar>/"

urlpatterns = [
    path("offentlig/", public.index, name="public_index"),
    path(HERE, public.collaboration, name="public_collaboration"),
    path(MEETING, public.minutes, name="public_minutes"),
    path(f"{MEETING}pdf/", public.minutes_pdf, name="public_minutes_pdf"),
]
