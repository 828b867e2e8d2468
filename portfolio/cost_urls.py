"""The cost of one project: its lines and years, how it is shared, and its financing plans."""

from django.urls import path

from portfolio.views import costs, plans, reopened

P = "<slug:samarbeid>/portefolje/"
ONE = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/"

urlpatterns = [
    path(f"{P}avklares/", reopened.reopened, name="reopened"),
    path(f"{ONE}kostnader/", costs.costs, name="costs"),
    path(f"{ONE}fordeling/", costs.sharing, name="sharing"),
    path(f"{ONE}fordeling/regneark/", costs.workbook, name="shares_workbook"),
    path(f"{ONE}finansieringsplan/", plans.lay, name="financing_plan"),
    path(f"{ONE}finansieringsplan/<int:number>/", plans.plan, name="laid_plan"),
    path(f"{ONE}finansieringsplan/<int:number>/pdf/", plans.pdf, name="laid_plan_pdf"),
]
