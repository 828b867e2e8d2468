from django.urls import path

from portfolio.views import risks

OF_PROJECT = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/risiko/"
OWN = "<slug:samarbeid>/portefolje/risiko/"

urlpatterns = [
    path(OF_PROJECT, risks.project_risks, name="project_risks"),
    path(f"{OF_PROJECT}ny/", risks.new, name="new_project_risk"),
    path(f"{OF_PROJECT}<int:risiko>/", risks.risk, name="project_risk"),
    path(f"{OF_PROJECT}<int:risiko>/endre/", risks.change, name="change_project_risk"),
    path(f"{OF_PROJECT}<int:risiko>/uendret/", risks.unchanged, name="project_risk_unchanged"),
    path(OWN, risks.portfolio_risks, name="portfolio_risks"),
    path(f"{OWN}ny/", risks.new, name="new_own_risk"),
    path(f"{OWN}<int:risiko>/", risks.risk, name="own_risk"),
    path(f"{OWN}<int:risiko>/endre/", risks.change, name="change_own_risk"),
    path(f"{OWN}<int:risiko>/uendret/", risks.unchanged, name="own_risk_unchanged"),
]
