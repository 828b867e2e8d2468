from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.forms.bodies import ResolutionField
from governance.models import Resolution
from governance.models.outcomes import ADOPTED
from portfolio.models import Mandate, Project


class MandateForm(forms.DsForm):
    """The points in their order, one line each."""

    points = forms.TextField(label=_("Points"), rows=8, help_text=_("One point per line."))

    def __init__(self, *args: Any, draft: Mandate | None, before: list[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"points": "\n".join(draft.texts if draft else before)}
        super().__init__(*args, version=draft.version if draft else 0, **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        return {"points": self.cleaned_data["points"].splitlines(), "version": self.cleaned_data["version"]}


class AdoptForm(forms.DsForm):
    """The case in which the body adopted it; for what was adopted outside the portal, by whom and when."""

    folded = [(_("Adopted outside the portal"), ["adopted_by", "adopted_on"])]

    resolution = ResolutionField(Resolution.objects.none(), label=_("Adopted in the case"), required=False)
    adopted_by = forms.forms.CharField(
        label=_("Adopted by"), max_length=200, required=False, help_text=_("The body, and its case where it has one.")
    )
    adopted_on = forms.DateField(label=_("Adopted on"), required=False)

    def __init__(self, *args: Any, mandate: Mandate, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, version=mandate.version, **kwargs)
        treated = Resolution.objects.filter(item__case__project_cases__project=project, outcome__in=ADOPTED)
        self.fields["resolution"].queryset = treated.select_related("item__case__body", "item__meeting__body").order_by(
            "-pk"
        )
        if not treated.exists():
            del self.fields["resolution"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("resolution"):
            if data.get("adopted_by") or data.get("adopted_on"):
                self.add_error("resolution", _("Choose the case, or write who adopted it and when; not both."))
            return data
        for name, missing in [("adopted_by", _("Write who adopted it.")), ("adopted_on", _("Write when."))]:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, missing)
        if data.get("adopted_on") and data["adopted_on"] > timezone.localdate():
            self.add_error("adopted_on", _("The day has not come yet."))
        return data
