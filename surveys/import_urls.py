from django.urls import path

from surveys.views import import_erasing, imports

urlpatterns = [
    path("<slug:samarbeid>/kartlegging/import/", imports.log, name="imports"),
    path("<slug:samarbeid>/kartlegging/import/ny/", imports.new, name="import_new"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/", imports.step, name="import"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/kolonner/", imports.columns, name="import_columns"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/bruk/", imports.apply, name="import_apply"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/kontroller/", imports.check_again, name="import_check"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/avbryt/", imports.cancel, name="import_cancel"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/angre/", imports.undo, name="import_undo"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/feil/", imports.errors, name="import_errors"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/slett/", import_erasing.erase, name="import_erase"),
]
