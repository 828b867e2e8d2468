"""Addresses of how the projects stand."""

from django.urls import path

from portfolio.views import status, status_reports

P = "<slug:samarbeid>/portefolje/status/"
ONE = "<slug:samarbeid>/prosjekter/<slug:prosjekt>/status/"

urlpatterns = [
    path(P, status.status, name="status"),
    path(f"{P}paminn/", status.remind, name="remind_status"),
    path(f"{P}<slug:organ>/<int:nummer>-<int:aar>/", status.paper, name="status_paper"),
    path(ONE, status_reports.reports, name="project_status"),
    path(f"{ONE}ny/", status_reports.write, name="write_status"),
    path(f"{ONE}uendret/", status_reports.unchanged, name="status_unchanged"),
    path(f"{ONE}<int:pk>/", status_reports.report, name="status_report"),
    path(f"{ONE}<int:pk>/endre/", status_reports.change, name="change_status"),
    path(f"{ONE}<int:pk>/publiser/", status_reports.publish, name="publish_status"),
    path(f"{ONE}<int:pk>/slett/", status_reports.delete, name="delete_status"),
]
