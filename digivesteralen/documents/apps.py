from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents that are kept, and the jobs that make them."""

    name = "digivesteralen.documents"
    label = "documents"
