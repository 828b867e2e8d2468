from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance import laws
from portfolio.models import ProjectDocument

OPEN, EXEMPT = ProjectDocument.Access.OPEN, ProjectDocument.Access.EXEMPT


class _VersionForm(forms.DsForm):
    """A file, its day, and who may read it. A plan says its timeline and its financing."""

    folded = [(_("Who may read it"), ["access", "legal_ground"])]

    file = UploadField(label=_("File"))
    dated_on = forms.DateField(label=_("Dated"))
    timeline = forms.TextField(
        label=_("Timeline"), rows=3, required=False, help_text=_("In short, as the plan says it: from when to when.")
    )
    financing = forms.TextField(
        label=_("Financing"),
        rows=3,
        required=False,
        help_text=_("In short, as the plan says it: what it costs and who pays."),
    )
    access = forms.RadioField(label=_("Who may read it"), choices=ProjectDocument.Access.choices, initial=OPEN)
    legal_ground = forms.forms.ChoiceField(label=_("Legal ground"), required=False)

    # Of the document that has the version; a new document's kind is chosen.
    of_kind = ""

    def __init__(self, *args: Any, exempt: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"dated_on": timezone.localdate(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        grounds = [(str(one), f"{one} ({one.about})") for one in laws.grounds()]
        self.fields["legal_ground"].choices = [("", _("None")), *grounds]
        if not exempt:
            del self.fields["access"], self.fields["legal_ground"]
            self.folded = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind", self.of_kind) == ProjectDocument.Kind.PLAN:
            for name, missing in [
                ("timeline", _("A project plan says its timeline. Write it here in short.")),
                ("financing", _("A project plan says its financing. Write it here in short.")),
            ]:
                if not data.get(name):
                    self.add_error(name, missing)
        if data.get("access") == EXEMPT and not data.get("legal_ground"):
            self.add_error("legal_ground", _("Choose the legal ground."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data.pop("version", None)
        data["upload"] = data.pop("file")
        if data.setdefault("access", OPEN) == OPEN:
            data["legal_ground"] = ""
        if data.get("kind", self.of_kind) != ProjectDocument.Kind.PLAN:
            data["timeline"], data["financing"] = "", ""
        return data


class DocumentForm(_VersionForm):
    """The first version of a document."""

    field_order = ["kind", "title", "file", "dated_on", "timeline", "financing", "access", "legal_ground"]

    kind = forms.forms.ChoiceField(label=_("Kind"), choices=ProjectDocument.Kind.choices)
    title = forms.forms.CharField(label=_("Title"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("timeline", "financing"):
            self.fields[name].help_text = _("Only for a project plan, in short as the plan says it.")


class NextVersionForm(_VersionForm):
    """The next version, and what is new in it."""

    field_order = ["file", "dated_on", "changed", "timeline", "financing", "access", "legal_ground"]

    changed = forms.TextField(label=_("What is new"), rows=2, limit=300)

    def __init__(self, *args: Any, document: ProjectDocument, **kwargs: Any) -> None:
        names = ("timeline", "financing", "access", "legal_ground")
        super().__init__(*args, initial={name: getattr(document, name) for name in names}, **kwargs)
        self.of_kind = document.kind
        if self.of_kind != ProjectDocument.Kind.PLAN:
            del self.fields["timeline"], self.fields["financing"]
