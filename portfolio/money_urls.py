from django.urls import path

from portfolio.views import (
    accounts,
    cofinancing,
    effort,
    effort_months,
    effort_overview,
    financing,
    grant_lines,
    grants,
    habits,
    invoices,
)

F = "<slug:samarbeid>/portefolje/finansiering/"
GRANT = f"{F}tilskudd/<int:pk>/"
ACCOUNTS = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/regnskap/"
EFFORT = "<slug:samarbeid>/portefolje/egeninnsats/"

urlpatterns = [
    path(F, financing.financing, name="financing"),
    path(f"{F}basisbudsjett/", financing.base_budget, name="new_base_budget"),
    path(f"{F}basisbudsjett/<int:ar>/", financing.base_budget, name="base_budget"),
    path(f"{F}basisbudsjett/<int:ar>/juster/", financing.adjust, name="adjust_base_budget"),
    path(f"{F}egeninnsats/", financing.own_effort, name="new_own_effort"),
    path(f"{F}egeninnsats/<int:pk>/", financing.own_effort, name="own_effort"),
    path(f"{F}tilskudd/", grants.new, name="new_grant"),
    path(GRANT, grants.grant, name="grant"),
    path(f"{GRANT}endre/", grants.change, name="change_grant"),
    path(f"{GRANT}fordeling/", grant_lines.allocation, name="new_allocation"),
    path(f"{GRANT}fordeling/<int:linje>/", grant_lines.allocation, name="allocation"),
    path(f"{GRANT}fordeling/<int:linje>/fjern/", grant_lines.remove_allocation, name="remove_allocation"),
    path(f"{GRANT}bruk/", grant_lines.spending, name="new_spending"),
    path(f"{GRANT}bruk/<int:linje>/", grant_lines.spending, name="spending"),
    path(f"{GRANT}bruk/<int:linje>/fjern/", grant_lines.remove_spending, name="remove_spending"),
    *[path(f"{GRANT}{step}/", grants.step, {"steg": step}, name=f"grant_{step}") for step in grants.STEPS],
    path(f"{F}medfinansiering/", cofinancing.cofinancing, name="cofinancing"),
    path(f"{F}fakturagrunnlag/", invoices.invoices, name="invoices"),
    path(EFFORT, effort.effort, name="effort"),
    path(f"{EFFORT}lovet-og-levert/", effort_overview.overview, name="effort_overview"),
    path(f"{EFFORT}timesats/", effort.rates, name="hourly_rates"),
    path(f"{EFFORT}timesats/<int:pk>/", effort.change_rate, name="change_rate"),
    path(f"{EFFORT}last-opp/", effort.upload, name="effort_import"),
    path(f"{EFFORT}<str:kommune>/", effort_months.months, name="effort_months"),
    path("<slug:samarbeid>/portefolje/arbeidsmate/", habits.habits, name="habits"),
    path(ACCOUNTS, accounts.accounts, name="project_accounts"),
    path(f"{ACCOUNTS}<int:pk>/", accounts.change, name="change_account"),
    path(f"{ACCOUNTS}<int:pk>/fjern/", accounts.remove, name="remove_account"),
]
