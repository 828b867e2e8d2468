from django.urls import path

from surveys.views import answers, insight, questions, survey_import, surveys, waves

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/undersokelser/", surveys.surveys, name="surveys"),
    path("<slug:samarbeid>/kartlegging/undersokelser/ny/", surveys.new, name="survey_new"),
    path("<slug:samarbeid>/kartlegging/undersokelser/malinger/", waves.series_list, name="survey_series_list"),
    path("<slug:samarbeid>/kartlegging/undersokelser/malinger/ny/", waves.series_new, name="survey_series_new"),
    path("<slug:samarbeid>/kartlegging/undersokelser/malinger/<int:pk>/", waves.series, name="survey_series"),
    path(
        "<slug:samarbeid>/kartlegging/undersokelser/malinger/<int:pk>/endre/",
        waves.series_change,
        name="survey_series_change",
    ),
    path("<slug:samarbeid>/kartlegging/undersokelser/malinger/<int:pk>/koble/", waves.link, name="survey_series_link"),
    path("<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/", surveys.survey, name="survey"),
    path("<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/endre/", surveys.change, name="survey_change"),
    path("<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/import/", surveys.upload, name="survey_upload"),
    path(
        "<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/sporsmal/", questions.questions, name="survey_questions"
    ),
    path(
        "<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/sporsmal/nytt/",
        questions.question_new,
        name="question_new",
    ),
    path(
        "<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/sporsmal/<int:pk>/", questions.question, name="question"
    ),
    path("<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/svar/", answers.answers, name="survey_answers"),
    path("<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/svar/tekster/", answers.texts, name="survey_texts"),
    path("<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/svar/<uuid:pk>/", answers.response, name="response"),
    path(
        "<slug:samarbeid>/kartlegging/undersokelser/<slug:slug>/svar/<uuid:pk>/endre/",
        answers.response_change,
        name="response_change",
    ),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/kommuner/", survey_import.places, name="import_places"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/program/", survey_import.program, name="import_program"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/alternativer/", survey_import.choices, name="import_choices"),
    path("<slug:samarbeid>/kartlegging/innsikt/", insight.insight, name="insight"),
    path("<slug:samarbeid>/kartlegging/innsikt/ny/", insight.activity_new, name="activity_new"),
    path("<slug:samarbeid>/kartlegging/innsikt/<int:pk>/", insight.activity, name="activity"),
    path("<slug:samarbeid>/kartlegging/funn/", insight.findings, name="findings"),
    path("<slug:samarbeid>/kartlegging/funn/nytt/", insight.finding_new, name="finding_new"),
    path("<slug:samarbeid>/kartlegging/funn/<int:pk>/", insight.finding, name="finding"),
    path("<slug:samarbeid>/kartlegging/funn/<int:pk>/flytt/", insight.finding_move, name="finding_move"),
    path("<slug:samarbeid>/kartlegging/funn/<int:pk>/fjern/", insight.finding_remove, name="finding_remove"),
    path("<slug:samarbeid>/kartlegging/funn/kategori/ny/", insight.category_new, name="finding_category_new"),
    path("<slug:samarbeid>/kartlegging/funn/kategori/<int:pk>/", insight.category, name="finding_category"),
    path(
        "<slug:samarbeid>/kartlegging/funn/kategori/<int:pk>/merknad/<str:nummer>/",
        insight.remark,
        name="finding_remark",
    ),
]
