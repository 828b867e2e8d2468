from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.models import Collaboration
from portfolio.models import SavedFilter


class SavedFilterForm(forms.DsForm):
    """A name for what one looks at, and whether the others may use it."""

    name = forms.forms.CharField(label=_("Name of the filter"), max_length=60)
    shared = forms.forms.BooleanField(label=_("Share it with all in the collaboration"), required=False)

    def __init__(self, *args: Any, collaboration: Collaboration, owner: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = SavedFilter.objects.filter(collaboration=collaboration, owner=owner)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if self.own.filter(name=name).exists():
            raise forms.forms.ValidationError(
                _("You already have a filter named «%(name)s». Choose another name."), params={"name": name}
            )
        return name
