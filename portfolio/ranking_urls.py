"""«Prioritering»: the order, the saved rankings, criteria and points, and the ranking by the directors."""

from django.urls import path

from portfolio.views import criteria, ordering, ranking_rounds, rankings

P = "<slug:samarbeid>/portefolje/prioritering/"
ROUND = f"{P}direktorene/<int:number>/"

urlpatterns = [
    path(P, ordering.order, name="order"),
    path(f"{P}flytt/<slug:key>/", ordering.move, name="move_candidate"),
    path(f"{P}etter-poeng/", ordering.by_points, name="order_by_points"),
    path(f"{P}lagre/", ordering.save, name="save_ranking"),
    path(f"{P}rangeringer/", rankings.editions, name="rankings"),
    path(f"{P}rangeringer/<int:number>/", rankings.edition, name="ranking_edition"),
    path(f"{P}rangeringer/<int:number>/pdf/", rankings.order_pdf, name="ranking_pdf"),
    path(f"{P}rangeringer/<int:number>/vedtak/", rankings.decided, name="ranking_decided"),
    path(f"{P}kriterier/", criteria.criteria, name="criteria"),
    path(f"{P}kriterier/ny/", criteria.new, name="new_criteria"),
    path(f"{P}kriterier/utkast/", criteria.change, name="change_criteria"),
    path(f"{P}kriterier/utkast/ta-i-bruk/", criteria.adopt, name="adopt_criteria"),
    path(f"{P}kriterier/utkast/forkast/", criteria.discard, name="discard_criteria"),
    path(f"{P}poeng/<slug:key>/", criteria.points, name="give_points"),
    path(f"{P}direktorene/ny/", ranking_rounds.ask, name="ask_directors"),
    path(ROUND, ranking_rounds.round_page, name="ranking_round"),
    path(f"{ROUND}din/", ranking_rounds.own, name="own_ranking"),
    path(f"{ROUND}avslutt/", ranking_rounds.end, name="end_ranking_round"),
]
