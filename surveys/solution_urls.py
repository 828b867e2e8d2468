from django.urls import path

from surveys.views import solutions

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/nasjonale-losninger/", solutions.matrix, name="solutions"),
    path("<slug:samarbeid>/kartlegging/nasjonale-losninger/hent/", solutions.define, name="solutions_define"),
    path("<slug:samarbeid>/kartlegging/nasjonale-losninger/<slug:losning>/", solutions.solution, name="solution"),
    path("kommune/<str:nummer>/nasjonale-losninger/", solutions.own, name="own_solutions"),
    path("kommune/<str:nummer>/nasjonale-losninger/<slug:losning>/", solutions.own_solution, name="own_solution"),
]
