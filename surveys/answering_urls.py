from django.urls import path

from surveys.views import answering

SURVEY = "<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>"

urlpatterns = [
    path(f"{SURVEY}/svar-for/<str:nummer>/", answering.overview, name="answer_survey"),
    path(f"{SURVEY}/svar-for/<str:nummer>/<int:steg>/", answering.theme, name="answer_theme"),
    path(f"{SURVEY}/svar-for/<str:nummer>/se-over/", answering.review, name="answer_review"),
    path(f"{SURVEY}/svar-for/<str:nummer>/trekk/", answering.withdraw, name="answer_withdraw"),
    path(f"{SURVEY}/svarstatus/", answering.standings, name="survey_standings"),
    path(f"{SURVEY}/svarstatus/purring/", answering.remind, name="survey_remind"),
]
