from django.urls import path

from portfolio.views import council_papers, financing, participation, portfolio, projects, strategy, versions

P = "<slug:samarbeid>/portefolje/"
ONE = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/"

urlpatterns = [
    path(P, portfolio.portfolio, name="portfolio"),
    path(f"{P}strategi/", strategy.strategy, name="strategy"),
    path(f"{P}strategi/endre/", strategy.change, name="change_strategy"),
    path(f"{P}innsatsomrader/nytt/", strategy.new_focus_area, name="new_focus_area"),
    path(f"{P}innsatsomrader/<slug:omrade>/", strategy.change_focus_area, name="change_focus_area"),
    path(f"{P}innsatsomrader/<slug:omrade>/tiltak/", strategy.new_measure, name="new_measure"),
    path(f"{P}finansiering/", financing.financing, name="financing"),
    path(f"{P}finansiering/basisbudsjett/", financing.base_budget, name="new_base_budget"),
    path(f"{P}finansiering/basisbudsjett/<int:ar>/", financing.base_budget, name="base_budget"),
    path(f"{P}finansiering/tilskudd/", financing.grant, name="new_grant"),
    path(f"{P}finansiering/tilskudd/<int:pk>/", financing.grant, name="grant"),
    path(f"{P}finansiering/egeninnsats/", financing.own_effort, name="new_own_effort"),
    path(f"{P}finansiering/egeninnsats/<int:pk>/", financing.own_effort, name="own_effort"),
    path(f"{P}versjoner/", versions.versions, name="portfolio_versions"),
    path(f"{P}versjoner/ny/", versions.propose, name="propose_portfolio"),
    path(f"{P}versjoner/<int:number>/", versions.version, name="portfolio_version"),
    path(f"{P}versjoner/<int:number>/syn/", versions.my_view, name="portfolio_view"),
    path("<slug:samarbeid>/prosjekter/ny/", projects.new, name="new_project"),
    path(ONE, projects.project, name="project"),
    path(f"{ONE}endre/", projects.change, name="change_project"),
    path(f"{ONE}finansieringsplan/", projects.financing_plan, name="financing_plan"),
    path(f"{ONE}milepeler/", projects.new_milestone, name="new_milestone"),
    path(f"{ONE}milepeler/<int:pk>/", projects.reach_milestone, name="reach_milestone"),
    path(f"{ONE}gevinster/", projects.new_benefit, name="new_benefit"),
    path(f"{ONE}inviter/", participation.invite, name="invite_municipalities"),
    path(f"{ONE}fordeling/", participation.sharing, name="sharing"),
    path(f"{ONE}deltakelse/<str:kommune>/signal/", participation.interest, name="participation_interest"),
    path(f"{ONE}deltakelse/<str:kommune>/utmelding/", participation.notice, name="participation_notice"),
    *[
        path(f"{ONE}{step}/", projects.move, {"steg": step}, name=f"project_{step}")
        for step in ("planlegg", "start", "avslutt", "stans")
    ],
    path("<slug:samarbeid>/saksframlegg/<int:pk>.docx", council_papers.download, name="council_paper"),
]
