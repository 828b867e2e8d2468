from django.urls import path

from portfolio.views import (
    mandates,
    preconditions,
    project_documents,
    project_guests,
    project_roles,
    projects,
    starting,
)

ONE = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/"

urlpatterns = [
    path("<slug:samarbeid>/prosjekter/ny/", projects.new, name="new_project"),
    path("<slug:samarbeid>/portefolje/hurtigtiltak/", starting.quick_measure, name="new_quick_measure"),
    path(ONE, projects.project, name="project"),
    path(f"{ONE}endre/", projects.change, name="change_project"),
    *[
        path(f"{ONE}{step}/", projects.move, {"steg": step}, name=f"project_{step}")
        for step in ("planlegg", "start", "avslutt", "stans")
    ],
    path(f"{ONE}vent/", starting.hold, name="hold_project"),
    path(f"{ONE}fortsett/", starting.resume, name="resume_project"),
    path(f"{ONE}hovedprosjekt/", starting.main_project, name="make_main_project"),
    path(f"{ONE}roller/", project_roles.roles, name="project_roles"),
    path(f"{ONE}roller/ny/", project_roles.give, name="give_role"),
    path(f"{ONE}roller/<int:pk>/", project_roles.change, name="change_role"),
    path(f"{ONE}mandat/", mandates.mandate, name="mandate"),
    path(f"{ONE}mandat/skriv/", mandates.write, name="write_mandate"),
    path(f"{ONE}mandat/<int:pk>/vedtatt/", mandates.adopt, name="adopt_mandate"),
    path(f"{ONE}dokumenter/", project_documents.documents, name="project_documents"),
    path(f"{ONE}dokumenter/nytt/", project_documents.add, name="add_document"),
    path(f"{ONE}dokumenter/<int:pk>/", project_documents.document, name="project_document"),
    path(f"{ONE}dokumenter/<int:pk>/ny-versjon/", project_documents.replace, name="replace_document"),
    path(f"{ONE}gjester/", project_guests.guests, name="project_guests"),
    path(f"{ONE}gjester/ny/", project_guests.share, name="share_project"),
    path(f"{ONE}gjester/<int:pk>/avslutt/", project_guests.stop, name="stop_sharing"),
    path("<slug:samarbeid>/delt/<slug:prosjekt>/", project_guests.shared_project, name="shared_project"),
    path(
        "<slug:samarbeid>/delt/<slug:prosjekt>/dokumenter/<int:pk>/",
        project_guests.shared_document,
        name="shared_document",
    ),
    path(f"{ONE}leveranser/", preconditions.deliverables, name="deliverables"),
    path(f"{ONE}leveranser/ny/", preconditions.new_deliverable, name="new_deliverable"),
    path(f"{ONE}leveranser/<int:pk>/", preconditions.change_deliverable, name="change_deliverable"),
    path(f"{ONE}forutsetninger/", preconditions.preconditions, name="preconditions"),
    path(f"{ONE}forutsetninger/ny/", preconditions.new_precondition, name="new_precondition"),
    path(f"{ONE}forutsetninger/<int:pk>/", preconditions.change_precondition, name="change_precondition"),
    path(f"{ONE}avhengigheter/ny/", preconditions.new_dependency, name="new_dependency"),
    path(f"{ONE}avhengigheter/<int:pk>/fjern/", preconditions.remove_dependency, name="remove_dependency"),
]
