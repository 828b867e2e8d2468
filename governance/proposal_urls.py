"""Addresses of proposals."""

from django.urls import path

from governance.views import proposals

ONE = "<slug:samarbeid>/forslag/<int:pk>/"

urlpatterns = [
    path("<slug:samarbeid>/forslag/", proposals.proposals, name="proposals"),
    path("<slug:samarbeid>/forslag/nytt/", proposals.new_proposal, name="new_proposal"),
    path(ONE, proposals.proposal, name="proposal"),
    path(f"{ONE}send-pa-nytt/", proposals.send_again, name="send_proposal_again"),
    path(f"{ONE}vurder/", proposals.consider, name="consider_proposal"),
    path(f"{ONE}send-videre/", proposals.forward, name="forward_proposal"),
    path(f"{ONE}send-tilbake/", proposals.send_back, name="return_proposal"),
    path(f"{ONE}svar/", proposals.answer, name="answer_proposal"),
    path(f"{ONE}sak/", proposals.make_case, name="case_of_proposal"),
    path(f"{ONE}signal/", proposals.give_signal, name="give_signal"),
    path(f"{ONE}spor/", proposals.ask_for_signals, name="ask_for_signals"),
]
