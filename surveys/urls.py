from django.urls import path

from surveys import survey_urls
from surveys.views import comparison, imports, inventory

urlpatterns = [
    path("kommune/<str:nummer>/systemer/", inventory.inventory, name="inventory"),
    path("kommune/<str:nummer>/systemer/ubesvart/", inventory.unanswered, name="inventory_unanswered"),
    path("kommune/<str:nummer>/systemer/nytt/", inventory.add, name="system_new"),
    path("kommune/<str:nummer>/systemer/lever/", inventory.submit, name="inventory_submit"),
    path("kommune/<str:nummer>/systemer/kvittering/", inventory.receipt, name="inventory_receipt"),
    path("kommune/<str:nummer>/systemer/apne/", inventory.reopen, name="inventory_reopen"),
    path("kommune/<str:nummer>/systemer/bekreft/", inventory.waiting, name="inventory_waiting"),
    path("kommune/<str:nummer>/systemer/import/", imports.new_own, name="import_own"),
    path("kommune/<str:nummer>/systemer/fagomrade/<int:pk>/", inventory.answer, name="inventory_answer"),
    path("kommune/<str:nummer>/systemer/samme-som/<uuid:pk>/", inventory.copy, name="system_copy"),
    path("kommune/<str:nummer>/systemer/<uuid:pk>/", inventory.system, name="system"),
    path("kommune/<str:nummer>/systemer/<uuid:pk>/fjern/", inventory.remove, name="system_remove"),
    path("kommune/<str:nummer>/systemer/<uuid:pk>/angre/", inventory.restore, name="system_restore"),
    path("<slug:samarbeid>/kartlegging/", comparison.home, name="surveys_home"),
    path("<slug:samarbeid>/kartlegging/systemer/", comparison.matrix, name="inventory_matrix"),
    path("<slug:samarbeid>/kartlegging/systemer/liste/", comparison.systems, name="inventory_systems"),
    path("<slug:samarbeid>/kartlegging/systemer/utlop/", comparison.expiry, name="inventory_expiry"),
    path("<slug:samarbeid>/kartlegging/systemer/gjennomgang/", comparison.review, name="inventory_review"),
    path("<slug:samarbeid>/kartlegging/import/", imports.log, name="imports"),
    path("<slug:samarbeid>/kartlegging/import/ny/", imports.new, name="import_new"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/", imports.step, name="import"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/kolonner/", imports.columns, name="import_columns"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/bruk/", imports.apply, name="import_apply"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/kontroller/", imports.check_again, name="import_check"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/avbryt/", imports.cancel, name="import_cancel"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/angre/", imports.undo, name="import_undo"),
    path("<slug:samarbeid>/kartlegging/import/<uuid:pk>/feil/", imports.errors, name="import_errors"),
]
urlpatterns += survey_urls.urlpatterns
