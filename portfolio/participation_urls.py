"""Who takes part: the matrix, each municipality's answer, invitations, the roll-out and the people."""

from django.urls import path

from portfolio.views import contributions, invitations, matrix, participation, rollout

P = "<slug:samarbeid>/portefolje/"
ONE = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/"
PART = f"{ONE}deltakelse/<str:kommune>/"

urlpatterns = [
    path(f"{P}deltakelse/", matrix.matrix, name="participation_matrix"),
    path(f"{P}ressurspersoner/", contributions.contributions, name="contributions"),
    path(f"{ONE}inviter/", participation.invite, name="invite_municipalities"),
    path(f"{ONE}svarfrist/", invitations.prolong, name="prolong_invitations"),
    path(f"{ONE}paminnelse/", invitations.remind, name="remind_invited"),
    path(PART, participation.participation, name="participation"),
    path(f"{PART}signal/", participation.interest, name="participation_interest"),
    path(f"{PART}fra/", participation.join, name="participation_join"),
    path(f"{PART}utmelding/", participation.notice, name="participation_notice"),
    path(f"{PART}interne-kostnader/", participation.internal_cost, name="internal_cost"),
    path(f"{PART}ta-tilbake/", invitations.take_back, name="take_back_invitation"),
    path(f"{PART}spor-pa-nytt/", invitations.ask_anew, name="ask_anew"),
    path(f"{PART}person/", contributions.contribute, name="contribute"),
    path(f"{ONE}ressurspersoner/<int:pk>/", contributions.change, name="change_contribution"),
    path(f"{ONE}ressurspersoner/<int:pk>/ta-ut/", contributions.remove, name="remove_contribution"),
    path(f"{ONE}innforing/", rollout.rollout, name="rollout"),
    path(f"{ONE}innforing/trinn/", rollout.lay_out, name="lay_out_rollout"),
    path(f"{PART}trinn/", rollout.add_step, name="add_rollout_step"),
    path(f"{ONE}innforing/<int:pk>/", rollout.change_step, name="change_rollout_step"),
    path(f"{ONE}innforing/<int:pk>/fjern/", rollout.remove_step, name="remove_rollout_step"),
]
