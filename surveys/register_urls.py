from django.urls import path

from surveys.views import collected, registers

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/skjema/", registers.application_forms, name="application_forms"),
    path("kommune/<str:nummer>/skjema/", registers.own_forms, name="own_forms"),
    path("kommune/<str:nummer>/skjema/nytt/", registers.form_new, name="application_form_new"),
    path("kommune/<str:nummer>/skjema/<int:pk>/", registers.application_form, name="application_form"),
    path("kommune/<str:nummer>/skjema/<int:pk>/fjern/", registers.form_remove, name="application_form_remove"),
    path("<slug:samarbeid>/kartlegging/infrastruktur/", registers.infrastructure, name="infrastructure"),
    path("kommune/<str:nummer>/infrastruktur/", registers.own_infrastructure, name="own_infrastructure"),
    path("kommune/<str:nummer>/infrastruktur/ny/", registers.fact_new, name="infrastructure_fact_new"),
    path("kommune/<str:nummer>/infrastruktur/<int:pk>/", registers.fact, name="infrastructure_fact"),
    path(
        "kommune/<str:nummer>/infrastruktur/<int:pk>/fjern/", registers.fact_remove, name="infrastructure_fact_remove"
    ),
    path("<slug:samarbeid>/kartlegging/dokumenter/", collected.documents, name="collected_documents"),
    path("<slug:samarbeid>/kartlegging/dokumenter/nytt/", collected.document_new, name="collected_document_new"),
    path("<slug:samarbeid>/kartlegging/dokumenter/<int:pk>/", collected.document, name="collected_document"),
    path(
        "<slug:samarbeid>/kartlegging/dokumenter/<int:pk>/endre/",
        collected.document_change,
        name="collected_document_change",
    ),
    path(
        "<slug:samarbeid>/kartlegging/dokumenter/<int:pk>/fjern/",
        collected.document_remove,
        name="collected_document_remove",
    ),
    path("kommune/<str:nummer>/dokumenter/nytt/", collected.own_document_new, name="own_document_new"),
    path("<slug:samarbeid>/kartlegging/intervjuer/", collected.interviews, name="interviews"),
    path("<slug:samarbeid>/kartlegging/intervjuer/nytt/", collected.interview_new, name="interview_new"),
    path("<slug:samarbeid>/kartlegging/intervjuer/<int:pk>/", collected.interview, name="interview"),
    path(
        "<slug:samarbeid>/kartlegging/intervjuer/<int:pk>/endre/", collected.interview_change, name="interview_change"
    ),
    path(
        "<slug:samarbeid>/kartlegging/intervjuer/<int:pk>/fjern/", collected.interview_remove, name="interview_remove"
    ),
    path("<slug:samarbeid>/kartlegging/systemansvarlige/", collected.responsibles, name="common_responsibles"),
    path("<slug:samarbeid>/kartlegging/systemansvarlige/ny/", collected.responsible_new, name="common_responsible_new"),
    path("<slug:samarbeid>/kartlegging/systemansvarlige/<int:pk>/", collected.responsible, name="common_responsible"),
    path(
        "<slug:samarbeid>/kartlegging/systemansvarlige/<int:pk>/fjern/",
        collected.responsible_remove,
        name="common_responsible_remove",
    ),
]
