from django.urls import path

from digivesteralen.privacy import operating, views

PERSON = "<slug:samarbeid>/personer/<int:pk>/opplysninger/"

KEPT = "konto/drift/oppbevaring/"
PAGES = "konto/drift/sider/"

urlpatterns = [
    path("personvern/", operating.privacy, name="privacy"),
    path("tilgjengelighet/", operating.accessibility, name="accessibility"),
    path(KEPT, operating.retention, name="retention"),
    path(f"{KEPT}<slug:slag>/", operating.change_retention, name="change_retention"),
    path(PAGES, operating.information_pages, name="information_pages"),
    path(f"{PAGES}<slug:side>/", operating.edit_page, name="edit_page"),
    path(f"{PAGES}<slug:side>/publiser/", operating.publish_page, name="publish_page"),
    path("konto/mine-opplysninger/", views.own_data, name="own_data"),
    path("konto/mine-opplysninger/fil/<str:form>/", views.own_data_file, name="own_data_file"),
    path(PERSON, views.personal_data, name="personal_data"),
    path(f"{PERSON}fil/<str:form>/", views.personal_data_file, name="personal_data_file"),
    path(f"{PERSON}slett/", views.erase_contact_data, name="erase_contact_data"),
]
