from django.urls import path

from surveys import (
    answering_urls,
    catalogue_urls,
    comparison_urls,
    import_urls,
    inventory_urls,
    maturity_urls,
    register_urls,
    solution_urls,
    survey_urls,
    window_urls,
)
from surveys.views import imports

urlpatterns = [
    path("kommune/<str:nummer>/systemer/import/", imports.new_own, name="import_own"),
]
urlpatterns = [*inventory_urls.urlpatterns, *urlpatterns, *comparison_urls.urlpatterns, *import_urls.urlpatterns]
urlpatterns += survey_urls.urlpatterns
urlpatterns += [*solution_urls.urlpatterns, *register_urls.urlpatterns]
urlpatterns += window_urls.urlpatterns
urlpatterns += catalogue_urls.urlpatterns
urlpatterns += [*maturity_urls.urlpatterns, *answering_urls.urlpatterns]
