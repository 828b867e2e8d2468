from django.urls import path

from portfolio.views import application_lists, ideas, proposal_ideas, window_ideas

P = "<slug:samarbeid>/portefolje/"
ONE = f"{P}ideer/<int:pk>/"
LISTS = f"{P}soknadslister/"
LIST = f"{LISTS}<int:pk>/"

urlpatterns = [
    path(f"{P}ideer/", ideas.ideas, name="ideas"),
    path(f"{P}ideer/ny/", ideas.new, name="new_idea"),
    path(ONE, ideas.idea, name="idea"),
    path(f"{ONE}endre/", ideas.change, name="change_idea"),
    path(f"{ONE}anbefal/", ideas.recommend, name="recommend_idea"),
    path(f"{ONE}svar/", ideas.answer, name="answer_idea"),
    path(f"{ONE}prosjekt/", ideas.take_up, name="take_up_idea"),
    path(f"{ONE}hurtigtiltak/", ideas.take_up_quickly, name="take_up_quickly"),
    path(f"{P}ide-fra-vindu/<int:pk>/", window_ideas.start, name="window_idea"),
    path(f"{P}ide-fra-forslag/<int:pk>/", proposal_ideas.start, name="proposal_idea"),
    path(LISTS, application_lists.application_lists, name="application_lists"),
    path(f"{LISTS}ny/", application_lists.new, name="new_application_list"),
    path(LIST, application_lists.application_list, name="application_list"),
    path(f"{LIST}endre/", application_lists.change, name="change_application_list"),
    path(f"{LIST}soknad/", application_lists.apply, name="new_application"),
    path(f"{LIST}soknad/<int:soknad>/ta-ut/", application_lists.take_out, name="take_out_application"),
    path(f"{LIST}soknad/<int:soknad>/<slug:vei>/", application_lists.move, name="move_application"),
    path(f"{LIST}vedtak/", application_lists.decide, name="decide_application_list"),
]
