from django.urls import path

from portfolio.views import gate_forms, gate_laying, gates, phase_models

ALL = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/porter/"
ONE = f"{ALL}<slug:port>/"

urlpatterns = [
    path(ALL, gates.gates, name="gates"),
    path(f"{ALL}faser/", phase_models.full, name="full_phase_model"),
    path(f"{ALL}fire-steg/", phase_models.simple, name="simple_phase_model"),
    path(f"{ALL}styre/", phase_models.board, name="gate_board"),
    path(f"{ALL}ny-delfase/", gate_forms.new_stage, name="new_stage"),
    path(ONE, gates.gate, name="gate"),
    path(f"{ONE}forside/", gate_forms.front_page, name="gate_front_page"),
    path(f"{ONE}sjekkpunkter/", gate_forms.checks, name="gate_checks"),
    path(f"{ONE}dokumenter/<slug:dokument>/", gate_forms.document, name="gate_document"),
    path(f"{ONE}dokumenter/<slug:dokument>/fil/", gates.document_file, name="gate_file"),
    path(f"{ONE}versjoner/", gate_forms.new_version, name="new_gate_version"),
    path(f"{ONE}versjoner/<int:pk>/ta-ut/", gate_forms.remove_version, name="remove_gate_version"),
    path(f"{ONE}fordeling/", gate_forms.new_receiver, name="new_gate_receiver"),
    path(f"{ONE}fordeling/<int:pk>/ta-ut/", gate_forms.remove_receiver, name="remove_gate_receiver"),
    path(f"{ONE}ta-ut/", gate_forms.remove_stage, name="remove_stage"),
    path(f"{ONE}legg-fram/", gate_laying.lay, name="lay_gate"),
    path(f"{ONE}vedtak/", gate_laying.tell, name="tell_gate"),
    path(f"{ONE}ta-opp-igjen/", gate_laying.take_up_again, name="take_up_gate"),
    path(f"{ONE}<int:utgave>/pdf/", gates.pdf, name="gate_pdf"),
]
