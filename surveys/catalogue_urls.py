from django.urls import path

from surveys.views import names

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/navn/", names.names, name="import_names"),
]
