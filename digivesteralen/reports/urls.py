from django.urls import path

from digivesteralen.reports import views

urlpatterns = [
    path("<slug:samarbeid>/rapporter/", views.reports, name="reports"),
    path("<slug:samarbeid>/rapporter/ny/", views.new_report, name="new_report"),
    path("<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/", views.report, name="report"),
    path("<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/bestill/", views.order, name="order_report"),
    path("<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/publiser/", views.publish, name="publish_report"),
    path("<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/ny-utgave/", views.new_edition, name="new_edition"),
    path(
        "<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/kapittel/<int:pk>/",
        views.chapter,
        name="report_chapter",
    ),
    path(
        "<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/anbefalinger/ny/",
        views.new_recommendation,
        name="new_recommendation",
    ),
    path(
        "<slug:samarbeid>/rapporter/<slug:slug>/<int:edition>/anbefalinger/<int:number>/",
        views.recommendation,
        name="recommendation",
    ),
]
