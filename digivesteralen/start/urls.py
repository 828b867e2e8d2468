from django.urls import path

from digivesteralen.start import views

urlpatterns = [
    path("", views.start, name="start"),
    path("konto/profil/", views.profile, name="profile"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
