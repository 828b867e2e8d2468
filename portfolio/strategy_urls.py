from django.urls import path

from portfolio.views import editions, focus_areas, goals, local_strategies, strategy

P = "<slug:samarbeid>/portefolje/"
S = f"{P}strategi/"
AREA = f"{P}innsatsomrader/<slug:omrade>/"
LOCAL = "kommune/<str:nummer>/strategi/<slug:samarbeid>/"

urlpatterns = [
    path(S, strategy.strategy, name="strategy"),
    path(f"{S}endre/", strategy.change, name="change_strategy"),
    path(f"{S}soyler/ny/", strategy.new_pillar, name="new_pillar"),
    path(f"{S}soyler/<int:pk>/", strategy.change_pillar, name="change_pillar"),
    path(f"{S}soyler/<int:pk>/fjern/", strategy.remove_pillar, name="remove_pillar"),
    path(f"{S}soyler/<int:pk>/flytt/<str:vei>/", strategy.move_pillar, name="move_pillar"),
    path(f"{S}mal/nytt/", strategy.new_goal, name="new_goal"),
    path(f"{S}mal/<int:pk>/", goals.goal, name="goal"),
    path(f"{S}mal/<int:pk>/endre/", strategy.change_goal, name="change_goal"),
    path(f"{S}mal/<int:pk>/fjern/", strategy.remove_goal, name="remove_goal"),
    path(f"{S}mal/<int:pk>/flytt/<str:vei>/", strategy.move_goal, name="move_goal"),
    path(f"{S}mal/<int:pk>/framdrift/", goals.new_note, name="new_goal_note"),
    path(f"{S}mal/<int:pk>/indikator/", goals.new_indicator, name="new_indicator"),
    path(f"{S}framdrift/<int:pk>/", goals.change_note, name="change_goal_note"),
    path(f"{S}framdrift/<int:pk>/fjern/", goals.remove_note, name="remove_goal_note"),
    path(f"{S}indikatorer/<int:pk>/", goals.change_indicator, name="change_indicator"),
    path(f"{S}indikatorer/<int:pk>/fjern/", goals.remove_indicator, name="remove_indicator"),
    path(f"{S}indikatorer/<int:pk>/verdi/", goals.new_value, name="new_indicator_value"),
    path(f"{S}verdier/<int:pk>/fjern/", goals.remove_value, name="remove_indicator_value"),
    path(f"{S}utgaver/", editions.editions, name="strategy_editions"),
    path(f"{S}utgaver/ny/", editions.new, name="new_strategy_edition"),
    path(f"{S}utgaver/<int:utgave>/", editions.edition, name="strategy_edition"),
    path(f"{S}utgaver/<int:utgave>/pdf/", editions.order_pdf, name="strategy_pdf"),
    path(f"{S}utgaver/<int:utgave>/mot/<int:annen>/", editions.compare, name="compare_editions"),
    path(f"{S}utgaver/<int:utgave>/kommunene/", editions.ask, name="ask_for_accession"),
    path(f"{S}legg-fram/", editions.lay, name="lay_strategy"),
    path(f"{S}vedtatt/", editions.adopt, name="adopt_strategy"),
    path(f"{S}forkast/", editions.discard, name="discard_strategy"),
    path(f"{P}innsatsomrader/nytt/", focus_areas.new, name="new_focus_area"),
    path(AREA, focus_areas.change, name="change_focus_area"),
    path(f"{AREA}flytt/<str:vei>/", focus_areas.move, name="move_focus_area"),
    path(f"{AREA}avslutt/", focus_areas.end, name="end_focus_area"),
    path(f"{AREA}ta-opp/", focus_areas.take_up, name="take_up_focus_area"),
    path(f"{AREA}tiltak/", focus_areas.new_measure, name="new_measure"),
    path(f"{AREA}tiltak/<int:pk>/", focus_areas.change_measure, name="change_measure"),
    path(f"{AREA}tiltak/<int:pk>/flytt/<str:vei>/", focus_areas.move_measure, name="move_measure"),
    path(f"{AREA}tiltak/<int:pk>/fjern/", focus_areas.remove_measure, name="remove_measure"),
    path(f"{AREA}tiltak/<int:pk>/prosjekt/", focus_areas.project_of_measure, name="project_of_measure"),
    path(LOCAL, local_strategies.local_strategy, name="local_strategy"),
    path(f"{LOCAL}endre/", local_strategies.change, name="change_local_strategy"),
]
