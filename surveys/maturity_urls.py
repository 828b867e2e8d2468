from django.urls import path

from surveys.views import maturity, maturity_models

MODELS = "<slug:samarbeid>/kartlegging/modenhet/modeller"
MODEL = f"{MODELS}/<slug:modell>"

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/modenhet/", maturity.results, name="maturity"),
    path(f"{MODELS}/", maturity_models.models, name="maturity_models"),
    path(f"{MODELS}/ny/", maturity_models.new, name="maturity_model_new"),
    path(f"{MODELS}/mal/", maturity_models.begin, name="maturity_begin"),
    path(f"{MODELS}/<int:pk>/kopi/", maturity_models.copy, name="maturity_copy"),
    path(f"{MODEL}/", maturity_models.model, name="maturity_model"),
    path(f"{MODEL}/endre/", maturity_models.change, name="maturity_model_change"),
    path(f"{MODEL}/undersokelse/", maturity_models.survey_new, name="maturity_survey"),
    path(f"{MODEL}/dimensjon/ny/", maturity_models.dimension_new, name="dimension_new"),
    path(f"{MODEL}/dimensjon/<int:pk>/", maturity_models.dimension, name="dimension"),
    path(f"{MODEL}/dimensjon/<int:pk>/flytt/", maturity_models.dimension_move, name="dimension_move"),
    path(f"{MODEL}/dimensjon/<int:pk>/fjern/", maturity_models.dimension_remove, name="dimension_remove"),
    path(
        "<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/modenhet/",
        maturity_models.connect,
        name="survey_connect",
    ),
    path("kommune/<str:nummer>/modenhet/", maturity.card, name="score_card"),
    path("kommune/<str:nummer>/modenhet/pdf/", maturity.card_pdf, name="score_card_pdf"),
]
