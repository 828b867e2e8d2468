from django.urls import path

from digivesteralen.operations import user_views, views
from digivesteralen.operations.trail import acts

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("konto/drift/", views.drift, name="drift"),
    path("konto/drift/tall", views.numbers, name="figures"),
    path("konto/drift/jobb/<uuid:pk>/igjen/", views.try_again, name="drift_try_again"),
    path("konto/drift/jobb/<uuid:pk>/stopp/", views.stop, name="drift_stop"),
    path("konto/drift/brukere/", user_views.user_list, name="users"),
    path("konto/drift/brukere/<int:pk>/", user_views.user_page, name="operated_user"),
    path("<slug:samarbeid>/handlinger/", acts.acts, name="acts"),
    path("<slug:samarbeid>/handlinger/historikk/", acts.collaboration_history, name="collaboration_history"),
]
