from django.urls import path

from portfolio.views import log

OF_PROJECT = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/logg/"

urlpatterns = [
    path(OF_PROJECT, log.log, name="log"),
    path(f"{OF_PROJECT}ny/", log.new_entry, name="new_log_entry"),
    path(f"{OF_PROJECT}<int:innslag>/rett/", log.correct_entry, name="correct_log_entry"),
    path("<slug:samarbeid>/portefolje/laerdommer/", log.lessons, name="lessons"),
]
