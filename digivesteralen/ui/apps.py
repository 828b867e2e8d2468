from django.apps import AppConfig


class UiConfig(AppConfig):
    """How pages look: forms, tables, charts, menus and words for numbers and dates."""

    name = "digivesteralen.ui"
    label = "ui"
