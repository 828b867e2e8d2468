from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "digivesteralen.reports"
    label = "reports"
