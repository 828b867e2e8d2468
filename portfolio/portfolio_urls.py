"""The portfolio's own pages: the list, one municipality, saved filters, and the versions the steering group treats."""

from django.urls import path

from portfolio.views import my_municipality, my_view, portfolio, proposing, saved_filters, timeline, versions

P = "<slug:samarbeid>/portefolje/"
VERSION = f"{P}versjoner/<int:number>/"

urlpatterns = [
    path(P, portfolio.portfolio, name="portfolio"),
    path(f"{P}pdf/", portfolio.order_pdf, name="portfolio_pdf"),
    path(f"{P}tidslinje/", timeline.timeline, name="timeline"),
    path(f"{P}tidslinje/pdf/", timeline.order_pdf, name="timeline_pdf"),
    path(f"{P}kommune/", my_municipality.choose, name="choose_municipality"),
    path(f"{P}kommune/<str:nummer>/", my_municipality.my_municipality, name="portfolio_municipality"),
    path(f"{P}filtre/nytt/", saved_filters.save, name="save_filter"),
    path(f"{P}filtre/<int:pk>/slett/", saved_filters.delete, name="delete_filter"),
    path(f"{P}versjoner/", versions.versions, name="portfolio_versions"),
    path(f"{P}versjoner/ny/", proposing.propose, name="propose_portfolio"),
    path(VERSION, versions.version, name="portfolio_version"),
    path(f"{VERSION}svar/", versions.version_answers, name="portfolio_answers"),
    path(f"{VERSION}syn/", my_view.my_view, name="portfolio_view"),
    path(f"{VERSION}syn/stotter-alle/", my_view.support_all, name="support_all"),
]
