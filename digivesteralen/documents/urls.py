from django.urls import path

from digivesteralen.documents import views

urlpatterns = [
    path("jobb/", views.jobs_of_mine, name="jobs"),
    path("jobb/<uuid:pk>/", views.job, name="job"),
    path("jobb/<uuid:pk>/avbryt/", views.cancel_job, name="job_cancel"),
    path("jobb/<uuid:pk>/igjen/", views.ask_job_again, name="job_again"),
    path("dokument/<uuid:pk>/", views.document, name="document"),
]
