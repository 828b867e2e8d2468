from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from portfolio import periods
from portfolio.models import Project, ProjectAccount
from portfolio.periods import MONTH, Period


class AccountForm(forms.DsForm):
    """A month of a project's accounts, and perhaps what the whole is now expected to cost."""

    month = forms.forms.CharField(label=_("Month"), max_length=30, help_text=_("For example «august 2026»."))
    spent = forms.MoneyField(
        label=_("Spent in the month"), help_text=_("Write a minus in front of what came back, like a credit note.")
    )
    forecast = forms.MoneyField(
        label=_("Expected in all"),
        required=False,
        min_value=0,
        help_text=_("What the whole project is now expected to cost."),
    )
    note = forms.forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, project: Project, account: ProjectAccount | None = None, **kwargs: Any) -> None:
        if account is not None:
            kwargs["version"] = account.version
            kwargs["initial"] = {name: getattr(account, name) for name in ("spent", "forecast", "note")}
        else:
            kwargs["initial"] = {"month": str(self._proposed(project) or "")}
        super().__init__(*args, **kwargs)
        self.known = project.accounts
        if account is not None:
            del self.fields["month"]

    @staticmethod
    def _proposed(project: Project) -> Period | None:
        """The month after the last that is registered, as far as it has begun."""
        newest = project.accounts.order_by("-month").first()
        after = Period(Period(newest.month, MONTH).ends_before, MONTH) if newest else periods.this_month()
        return after if after.has_begun else None

    def clean_month(self) -> Period:
        found = periods.read(self.cleaned_data["month"])
        if found is None or found.span != MONTH:
            raise forms.forms.ValidationError(_("Write a month like «august 2026»."))
        if not found.has_begun:
            raise forms.forms.ValidationError(_("The month has not begun. Register it when something is spent."))
        if self.known.filter(month=found.starts_on).exists():
            raise forms.forms.ValidationError(_("The month is already registered. Change that row."))
        return found
