from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms, wording


class RoundForm(forms.DsForm):
    """A round in which the IT leaders confirm or correct their lists."""

    title = forms.forms.CharField(label=_("Title"), max_length=120, help_text=_("For example «Systemer 2026»."))
    opens_on = forms.DateField(label=_("Opens"))
    answer_by = forms.DateField(label=_("Answer by"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("opens_on"), said.get("answer_by")
        if first and last and last < first:
            self.add_error(
                "answer_by",
                _("Answer by: %(last)s is before the round opens (%(first)s). Choose that day or a later one.")
                % {"last": wording.short_day(last), "first": wording.short_day(first)},
            )
        return said

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "opens_on", "answer_by")}
