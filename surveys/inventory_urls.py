"""The own inventory of a municipality and of an IT collaboration, and the secretariat's rounds and rules for them."""

from django.urls import path

from surveys.views import covering, inventory, remaining, rounds, sharing, submission, system

OWN = "kommune/<str:nummer>/systemer/"
IT = "it-samarbeid/<int:it>/systemer/"
OF = "<slug:samarbeid>/kartlegging/"

urlpatterns = [
    path(OWN, inventory.inventory, name="inventory"),
    path(f"{OWN}som-andre/", inventory.as_others, name="inventory_as_others"),
    path(f"{OWN}ubesvart/", remaining.unanswered, name="inventory_unanswered"),
    path(f"{OWN}nytt/", system.add, name="system_new"),
    path(f"{OWN}lever/", submission.submit, name="inventory_submit"),
    path(f"{OWN}kvittering/", submission.receipt, name="inventory_receipt"),
    path(f"{OWN}leveringer/", submission.delivered, name="inventory_delivered"),
    path(f"{OWN}apne/", submission.reopen, name="inventory_reopen"),
    path(f"{OWN}bekreft/", submission.waiting, name="inventory_waiting"),
    path(f"{OWN}fagomrade/<int:pk>/", remaining.answer, name="inventory_answer"),
    path(f"{OWN}samme-som/<uuid:pk>/", remaining.copy, name="system_copy"),
    path(f"{OWN}runde/<int:runde>/", rounds.own, name="round_own"),
    path(f"{OWN}runde/<int:runde>/linje/<uuid:pk>/", rounds.confirm, name="round_confirm"),
    path(f"{OWN}runde/<int:runde>/gruppe/<int:pk>/", rounds.confirm_group, name="round_confirm_group"),
    path(f"{OWN}<uuid:pk>/", system.system, name="system"),
    path(f"{OWN}<uuid:pk>/fjern/", system.remove, name="system_remove"),
    path(f"{OWN}<uuid:pk>/angre/", system.restore, name="system_restore"),
    path(IT, inventory.inventory, name="it_inventory"),
    path(f"{IT}nytt/", system.add, name="it_system_new"),
    path(f"{IT}<uuid:pk>/", system.system, name="it_system"),
    path(f"{IT}<uuid:pk>/fjern/", system.remove, name="it_system_remove"),
    path(f"{IT}<uuid:pk>/angre/", system.restore, name="it_system_restore"),
    path(f"{OF}deling/", sharing.rule, name="sharing_rule"),
    path(f"{OF}runder/", rounds.rounds, name="rounds"),
    path(f"{OF}runder/ny/", rounds.new, name="round_new"),
    path(f"{OF}runder/<int:runde>/", rounds.round, name="round"),
    path(f"{OF}runder/<int:runde>/endre/", rounds.change, name="round_change"),
    path(f"{OF}runder/<int:runde>/purr/", rounds.remind, name="round_remind"),
    path(f"{OF}runder/<int:runde>/lukk/", rounds.close, name="round_close"),
    path(f"{OF}it-samarbeid/", covering.it_collaborations, name="it_collaborations"),
    path(f"{OF}it-samarbeid/ny/", covering.new, name="it_collaboration_new"),
    path(f"{OF}it-samarbeid/<int:it>/", covering.it_collaboration, name="it_collaboration"),
    path(f"{OF}it-samarbeid/<int:it>/dekker/", covering.cover, name="it_collaboration_cover"),
    path(f"{OF}it-samarbeid/<int:it>/leder/", covering.leader, name="it_collaboration_leader"),
    path(f"{OF}it-samarbeid/<int:it>/dekker/<int:pk>/slutt/", covering.end, name="coverage_end"),
]
