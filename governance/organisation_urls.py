from django.urls import path

from governance.views import registers

ORGANISATIONS = "<slug:samarbeid>/organisasjoner/"
REGIONS = "<slug:samarbeid>/regioner/"

urlpatterns = [
    path(ORGANISATIONS, registers.organisations, name="organisations"),
    path(f"{ORGANISATIONS}ny/", registers.new_organisation, name="new_organisation"),
    path(f"{ORGANISATIONS}hent-kommuner/", registers.load_municipalities, name="load_municipalities"),
    path(f"{ORGANISATIONS}<int:pk>/", registers.organisation, name="organisation"),
    path(f"{ORGANISATIONS}<int:pk>/rediger/", registers.edit_organisation, name="edit_organisation"),
    path(f"{ORGANISATIONS}<int:pk>/nytt-navn/", registers.rename_organisation, name="rename_organisation"),
    path(REGIONS, registers.regions, name="regions"),
    path(f"{REGIONS}ny/", registers.new_region, name="new_region"),
    path(f"{REGIONS}<int:pk>/", registers.region, name="region"),
    path(f"{REGIONS}<int:pk>/rediger/", registers.edit_region, name="edit_region"),
    path(f"{REGIONS}<int:pk>/kommune/", registers.add_to_region, name="add_to_region"),
    path(f"{REGIONS}medlem/<int:pk>/avslutt/", registers.leave_region, name="leave_region"),
]
