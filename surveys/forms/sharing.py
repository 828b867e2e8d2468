from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Agreement, Collaboration
from surveys.actions.sharing import BEYOND
from surveys.models import SharingRule

KINDS = ("costs", "operation", "users", "fit", "integrations")


class SharingForm(forms.DsModelForm):
    """What the agreement says that the municipalities share, beyond what always is."""

    class Meta:
        model = SharingRule
        fields = [*KINDS, "agreement"]

    def __init__(self, *args: Any, collaboration: Collaboration, **kwargs: Any) -> None:
        instance = kwargs["instance"]
        super().__init__(*args, version=0 if instance._state.adding else instance.version, **kwargs)
        self.fields["agreement"].queryset = Agreement.objects.filter(collaboration=collaboration)
        self.fields["agreement"].empty_label = _("Not chosen")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if any(said.get(name) for name in BEYOND) and not said.get("agreement"):
            self.add_error(
                "agreement", _("Say which agreement it is decided in. Without one, no more than this is shared.")
            )
        return said

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*KINDS, "agreement", "version")}
