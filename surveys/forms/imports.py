from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording
from governance.models import Collaboration, Organisation
from surveys.import_kinds import Column
from surveys.models import ImportJob, MappingProfile

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
        self.members = {place.number: place for place in collaboration.sharing()}
        self.fields["municipality"].choices = [
            ("", _("Choose a municipality")),
            *((number, str(place)) for number, place in self.members.items()),
            (WIDE, _("All: one column for each municipality")),
        ]

    @property
    def place(self) -> Organisation | None:
        return self.members.get(self.cleaned_data["municipality"])


class ColumnsForm(forms.DsForm):
    """Which column of the file is what; a proposal stands there already, and it can be remembered for the next file."""

    optional_marks = False
    folded = [(_("Remember the columns"), ["remember", "remember_as"])]
    remember = forms.forms.BooleanField(
        label=_("Remember the columns for the next file of the same form"), required=False
    )
    remember_as = forms.forms.CharField(label=_("Remember them as"), max_length=120, required=False)

    def __init__(
        self,
        *args: Any,
        job: ImportJob,
        known: Sequence[Column],
        proposed: dict[str, str] | None = None,
        profile: MappingProfile | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.job, self.known = job, known
        choices = [("", _("Not used")), *((column.name, column.label) for column in known)]
        proposed = job.mapping.get("columns", {}) if proposed is None else proposed
        for column in job.columns:
            letter = column["letter"]
            self.fields[letter] = forms.forms.ChoiceField(
                label=column["header"],
                choices=choices,
                initial=proposed.get(letter, column["field"]),
                required=False,
                help_text=_("Column %(letter)s") % {"letter": letter},
            )
        self.fields["remember"].initial = profile is not None
        self.fields["remember_as"].initial = profile.name if profile else _named_after(job.file_name)
        self.order_fields([*(column["letter"] for column in job.columns), "remember", "remember_as"])
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
        if said.get("remember") and not said.get("remember_as"):
            self.add_error("remember_as", _("Write a name that the columns can be found by the next time."))
        return said

    def connected(self) -> dict[str, str]:
        """The field of each column, by its letter."""
        return {column["letter"]: self.cleaned_data[column["letter"]] for column in self.job.columns}

    def name(self) -> str:
        """What the columns are to be remembered as; nothing where they are not."""
        return str(self.cleaned_data["remember_as"]) if self.cleaned_data["remember"] else ""


class ProfileForm(forms.DsForm):
    """Whose columns are proposed: those remembered under a name, or those that the headers themselves say."""

    optional_marks = False
    HEADERS = "ingen"

    def __init__(self, *args: Any, profiles: Sequence[MappingProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profiles = {str(one.pk): one for one in profiles}
        remembered = [(pk, f"{one.name} ({wording.moment(one.saved_at)})") for pk, one in self.profiles.items()]
        self.fields["kolonner"] = forms.forms.ChoiceField(
            label=_("Connect the columns as"),
            choices=[*remembered, (self.HEADERS, _("the headers say, without what is remembered"))],
        )

    @property
    def profile(self) -> MappingProfile | None:
        return self.profiles.get(self.cleaned_data["kolonner"])


def _named_after(file_name: str) -> str:
    """«Systemer Hadsel 2026 (3).xlsx» → «Systemer Hadsel»: what is likely to be the same the next time."""
    stem = file_name.rpartition(".")[0] or file_name
    bare = re.sub(r"\([\d\s-]*\)|\b\d[\d.-]*\b", " ", stem.replace("_", " "))
    return " ".join(bare.split()).strip(" -–.")[:120] or stem[:120]
