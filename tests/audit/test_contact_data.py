"""What counts as contact data is named in one place, and leaves nothing out."""

from django.apps import apps
from django.conf import settings
from django.db import models

from digivesteralen.audit.protection import event_models


def test_every_name_of_contact_data_is_a_column() -> None:
    for label, columns in settings.CONTACT_DATA.items():
        names = {field.column for field in apps.get_model(label)._meta.concrete_fields}
        assert {column.partition(".")[0] for column in columns} <= names, label


def test_every_e_mail_address_in_the_history_counts_as_contact_data() -> None:
    for events in event_models():
        tracked = events._meta.get_field("pgh_obj").related_model
        named = set(settings.CONTACT_DATA.get(tracked._meta.label, ()))
        addresses = {
            field.column
            for field in events._meta.concrete_fields
            if isinstance(field, models.EmailField) or field.column.endswith("_email")
        }
        assert addresses <= named, tracked._meta.label
