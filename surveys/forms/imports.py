from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration, Organisation
from surveys.import_kinds import Column
from surveys.models import ImportJob

WIDE = "alle"
LARGEST_MB = 10


class OwnUploadForm(forms.DsForm):
    """The file of an IT leader, for the own municipality."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        types=(".xlsx", ".csv"),
        max_mb=LARGEST_MB,
        help_text=_("Nothing is written before you have looked it over."),
    )


class OnBehalfUploadForm(OwnUploadForm):
    """The file of an administrator, on behalf of a municipality or of all in one wide sheet."""

    municipality = forms.forms.ChoiceField(
        label=_("Municipality"),
        help_text=_("What you upload on behalf of a municipality counts when its IT leader has confirmed it."),
    )
    field_order = ["municipality", "file"]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {place.number: place for place in collaboration.members()}
        self.fields["municipality"].choices = [
            ("", _("Choose a municipality")),
            *((number, str(place)) for number, place in self.members.items()),
            (WIDE, _("All: one column for each municipality")),
        ]

    @property
    def place(self) -> Organisation | None:
        return self.members.get(self.cleaned_data["municipality"])


class ColumnsForm(forms.DsForm):
    """Which column of the file is what; a proposal stands there already."""

    optional_marks = False

    def __init__(self, *args: Any, job: ImportJob, known: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job, self.known = job, known
        choices = [("", _("Not used")), *((column.name, column.label) for column in known)]
        proposed = job.mapping.get("columns", {})
        for column in job.columns:
            letter = column["letter"]
            self.fields[letter] = forms.forms.ChoiceField(
                label=column["header"],
                choices=choices,
                initial=proposed.get(letter, column["field"]),
                required=False,
                help_text=_("Column %(letter)s") % {"letter": letter},
            )
        self._prepare(job.version)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [said.get(column["letter"]) for column in self.job.columns]
        twice = {str(one.label) for one in self.known if not one.repeatable and chosen.count(one.name) > 1}
        if twice:
            self.add_error(None, _("Chosen for more than one column: %(names)s.") % {"names": ", ".join(sorted(twice))})
        missing = [str(one.label) for one in self.known if one.required and one.name not in chosen]
        if missing:
            self.add_error(
                None,
                _("These columns are missing: %(names)s. Choose which column of the file holds each of them.")
                % {"names": ", ".join(missing)},
            )
        return said

    def connected(self) -> dict[str, str]:
        """The field of each column, by its letter."""
        return {column["letter"]: self.cleaned_data[column["letter"]] for column in self.job.columns}
