from django.urls import path

from portfolio import (
    benefit_urls,
    cost_urls,
    gate_urls,
    idea_urls,
    log_urls,
    milestone_urls,
    money_urls,
    participation_urls,
    portfolio_urls,
    programme_urls,
    project_urls,
    ranking_urls,
    risk_urls,
    status_urls,
    strategy_urls,
)
from portfolio.views import (
    activities,
    council_papers,
    initiatives,
)

P = "<slug:samarbeid>/portefolje/"

urlpatterns = [
    *portfolio_urls.urlpatterns,
    path(f"{P}aktivitetsplan/", activities.activities, name="activities"),
    path(f"{P}aktivitetsplan/ny/", activities.new, name="new_activity"),
    path(f"{P}aktivitetsplan/<int:pk>/", activities.change, name="change_activity"),
    path(f"{P}aktivitetsplan/<int:pk>/utfort/", activities.done, name="activity_done"),
    path(f"{P}aktivitetsplan/<int:pk>/ta-ut/", activities.remove, name="remove_activity"),
    path(f"{P}andres-initiativer/", initiatives.initiatives, name="initiatives"),
    path(f"{P}andres-initiativer/nytt/", initiatives.new, name="new_initiative"),
    path(f"{P}andres-initiativer/matrise/", initiatives.matrix, name="initiative_matrix"),
    path(f"{P}andres-initiativer/<slug:initiativ>/", initiatives.initiative, name="initiative"),
    path(f"{P}andres-initiativer/<slug:initiativ>/endre/", initiatives.change, name="change_initiative"),
    path(f"{P}andres-initiativer/<slug:initiativ>/kommunene/", initiatives.standings, name="initiative_standings"),
    path("<slug:samarbeid>/saksframlegg/<int:pk>.docx", council_papers.word, name="council_paper"),
    path("<slug:samarbeid>/saksframlegg/<int:pk>/pdf/", council_papers.pdf, name="council_paper_pdf"),
]
urlpatterns += benefit_urls.urlpatterns
urlpatterns += cost_urls.urlpatterns
urlpatterns += idea_urls.urlpatterns
urlpatterns += gate_urls.urlpatterns
urlpatterns += log_urls.urlpatterns
urlpatterns += milestone_urls.urlpatterns
urlpatterns += money_urls.urlpatterns
urlpatterns += participation_urls.urlpatterns
urlpatterns += programme_urls.urlpatterns
urlpatterns += project_urls.urlpatterns
urlpatterns += risk_urls.urlpatterns
urlpatterns += ranking_urls.urlpatterns
urlpatterns += status_urls.urlpatterns
urlpatterns += strategy_urls.urlpatterns
