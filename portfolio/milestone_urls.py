from django.urls import path

from portfolio.views import milestones

ALL = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/milepeler/"

urlpatterns = [
    path(ALL, milestones.milestones, name="milestones"),
    path(f"{ALL}ny/", milestones.new_milestone, name="new_milestone"),
    path(f"{ALL}<int:pk>/", milestones.change_milestone, name="change_milestone"),
    path(f"{ALL}<int:pk>/nadd/", milestones.reach_milestone, name="reach_milestone"),
    path(f"{ALL}<int:pk>/utsjekk/", milestones.check_milestone, name="check_milestone"),
    path(f"{ALL}<int:pk>/ta-ut/", milestones.remove_milestone, name="remove_milestone"),
]
