from django.urls import path

from digivesteralen.ui import views

app_name = "ui"
urlpatterns = [
    path("konto/visning/", views.preferences, name="preferences"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("personvern/", views.privacy, name="privacy"),
    path("komponenter/", views.gallery, name="gallery"),
]
