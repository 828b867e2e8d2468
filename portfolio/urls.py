from django.urls import path

from portfolio import cost_urls, money_urls, participation_urls, portfolio_urls, status_urls
from portfolio.views import (
    activities,
    council_papers,
    initiatives,
    projects,
    strategy,
    window_ideas,
)

P = "<slug:samarbeid>/portefolje/"
ONE = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/"

urlpatterns = [
    *portfolio_urls.urlpatterns,
    path(f"{P}strategi/", strategy.strategy, name="strategy"),
    path(f"{P}strategi/endre/", strategy.change, name="change_strategy"),
    path(f"{P}innsatsomrader/nytt/", strategy.new_focus_area, name="new_focus_area"),
    path(f"{P}innsatsomrader/<slug:omrade>/", strategy.change_focus_area, name="change_focus_area"),
    path(f"{P}innsatsomrader/<slug:omrade>/tiltak/", strategy.new_measure, name="new_measure"),
    path(f"{P}aktivitetsplan/", activities.activities, name="activities"),
    path(f"{P}aktivitetsplan/ny/", activities.new, name="new_activity"),
    path(f"{P}aktivitetsplan/<int:pk>/", activities.change, name="change_activity"),
    path(f"{P}aktivitetsplan/<int:pk>/utfort/", activities.done, name="activity_done"),
    path(f"{P}aktivitetsplan/<int:pk>/ta-ut/", activities.remove, name="remove_activity"),
    path(f"{P}andres-initiativer/", initiatives.initiatives, name="initiatives"),
    path(f"{P}andres-initiativer/nytt/", initiatives.new, name="new_initiative"),
    path(f"{P}andres-initiativer/<slug:initiativ>/", initiatives.initiative, name="initiative"),
    path(f"{P}andres-initiativer/<slug:initiativ>/endre/", initiatives.change, name="change_initiative"),
    path(f"{P}andres-initiativer/<slug:initiativ>/kommunene/", initiatives.standings, name="initiative_standings"),
    path(f"{P}ide-fra-vindu/<int:pk>/", window_ideas.start, name="window_idea"),
    path("<slug:samarbeid>/prosjekter/ny/", projects.new, name="new_project"),
    path(ONE, projects.project, name="project"),
    path(f"{ONE}endre/", projects.change, name="change_project"),
    path(f"{ONE}milepeler/", projects.new_milestone, name="new_milestone"),
    path(f"{ONE}milepeler/<int:pk>/", projects.reach_milestone, name="reach_milestone"),
    path(f"{ONE}gevinster/", projects.new_benefit, name="new_benefit"),
    *[
        path(f"{ONE}{step}/", projects.move, {"steg": step}, name=f"project_{step}")
        for step in ("planlegg", "start", "avslutt", "stans")
    ],
    path("<slug:samarbeid>/saksframlegg/<int:pk>.docx", council_papers.word, name="council_paper"),
    path("<slug:samarbeid>/saksframlegg/<int:pk>/pdf/", council_papers.pdf, name="council_paper_pdf"),
]
urlpatterns += cost_urls.urlpatterns
urlpatterns += money_urls.urlpatterns
urlpatterns += status_urls.urlpatterns
urlpatterns += participation_urls.urlpatterns
