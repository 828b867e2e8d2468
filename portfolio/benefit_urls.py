from django.urls import path

from portfolio.views import benefit_lines, benefit_maps, benefit_overview, benefits

ALL = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/gevinster/"
MAP = f"{ALL}kart/"
ONE = f"{ALL}<int:pk>/"
LINE = f"{ONE}<str:kommune>/"
PORTFOLIO = "<slug:samarbeid>/portefolje/gevinster/"

urlpatterns = [
    path(PORTFOLIO, benefit_overview.overview, name="benefit_overview"),
    path(f"{PORTFOLIO}pdf/", benefit_overview.order_pdf, name="benefit_overview_pdf"),
    path(ALL, benefits.benefits, name="benefits"),
    path(f"{ALL}ny/", benefits.new_benefit, name="new_benefit"),
    path(f"{ALL}bare-den-ene/", benefits.one_sided, name="one_sided"),
    path(f"{ALL}pdf/", benefits.order_plan, name="benefit_plan_pdf"),
    path(MAP, benefit_maps.benefit_map, name="benefit_map"),
    path(f"{MAP}ny/", benefit_maps.new_chain, name="new_chain"),
    path(f"{MAP}<int:pk>/", benefit_maps.change_chain, name="change_chain"),
    path(f"{MAP}<int:pk>/ta-ut/", benefit_maps.remove_chain, name="remove_chain"),
    path(ONE, benefits.benefit, name="benefit"),
    path(f"{ONE}endre/", benefits.change_benefit, name="change_benefit"),
    path(f"{ONE}ta-ut/", benefits.remove_benefit, name="remove_benefit"),
    path(LINE, benefit_lines.line, name="benefit_line"),
    path(f"{LINE}plan/", benefit_lines.plan, name="plan_benefit_line"),
    path(f"{LINE}maling/", benefit_lines.measure, name="measure_benefit"),
    path(f"{LINE}maling/<int:linje>/rett/", benefit_lines.correct, name="correct_measurement"),
]
