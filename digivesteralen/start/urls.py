from django.urls import path

from digivesteralen.start import views

urlpatterns = [
    path("", views.start, name="start"),
    path("konto/profil/", views.profile, name="profile"),
]
