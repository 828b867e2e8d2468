from django.urls import path

from digivesteralen.ui import views

app_name = "ui"
urlpatterns = [
    path("konto/visning/", views.preferences, name="preferences"),
    path("komponenter/", views.gallery, name="gallery"),
]
