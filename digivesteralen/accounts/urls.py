from django.urls import path
from django.views.generic import RedirectView

from digivesteralen.accounts import views

urlpatterns = [
    path("konto/invitasjon/", views.invitation, name="invitation"),
    path("konto/invitasjon/<str:token>/", views.open_invitation, name="open_invitation"),
    path("konto/sikkerhet/", views.security, name="security"),
    path("konto/to-trinn/", views.needs_second_step, name="second_step"),
    path("konto/sessions/<int:pk>/avslutt/", views.end_session, name="end_session"),
    # In front of the libraries' own pages, which let people in by the password alone, give a password to whoever sits
    # at the machine, and let people change their address themselves.
    path("admin/login/", views.administration, name="administration"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("konto/password/set/", views.first_password, name="first_password"),
    path("konto/email/", views.email, name="sign_in_address"),
]
