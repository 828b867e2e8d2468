"""What is known about a system, group by group: in the form, on its page, and in what the others see."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digivesteralen.ui import wording
from surveys import snapshots
from surveys.models import SystemUse

GROUPS = (
    (
        gettext_lazy("Contract"),
        (
            "contract_type", "concluded_on", "binding_until", "end_running", "notice_months", "notice_to", "options",
            "option_months", "renews_months", "annual_cost", "shares_cost",
        ),
    ),
    (
        gettext_lazy("Operation and responsibility"),
        (
            "function", "release", "hosting", "operation", "operated_by", "owner", "responsible", "users",
            "criticality", "availability",
        ),
    ),
    (gettext_lazy("Privacy and archive"), ("personal_data", "dpia", "processing_agreement", "archive_duty")),
    (
        gettext_lazy("Life and fitness"),
        (
            "introduced_on", "live_on", "phased_out_on", "gone_on", "business_fit", "technical_fit",
            "replacement_year", "planned_replacement", "remark",
        ),
    ),
)  # fmt: skip
INTEGRATIONS = gettext_lazy("Integrations with national solutions")
MORE = [name for _heading, names in GROUPS for name in names]

Fact = tuple[str, Any]


def head(use: SystemUse) -> list[Fact]:
    """The four answers that every municipality gives; without a system, that one."""
    if use.answer != SystemUse.Answer.SYSTEM:
        return [(_("Area"), use.area), (_("Answer"), use.get_answer_display())]
    end = snapshots.end_of(use)
    if use.contract_end:
        end = wording.day(use.contract_end)
    return [
        (_("Area"), use.area),
        (_("System"), use.product),
        (_("Supplier"), use.supplier or _("not stated")),
        (_("Contract end"), end),
    ]


def groups(use: SystemUse, only: Collection[str] | None = None) -> list[tuple[Any, list[Fact]]]:
    """The groups in which something stands, with what stands; ``only`` narrows to what others may see."""
    found = [
        (heading, [(label(name), shown(use, name)) for name in names if _is_told(use, name, only)])
        for heading, names in GROUPS
    ]
    if only is None or "integrations" in only:
        connected = use.integrations.select_related("solution")
        found.append((INTEGRATIONS, [(one.solution.name, one.get_state_display()) for one in connected]))
    return [(heading, facts) for heading, facts in found if facts]


def label(name: str) -> str:
    return str(capfirst(SystemUse._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def shown(use: SystemUse, name: str) -> Any:
    """The value in words."""
    value = getattr(use, name)
    if name == "annual_cost":
        return wording.money(value)
    if hasattr(value, "isoformat"):
        return wording.day(value)
    if value is True:
        return _("yes")
    display = getattr(use, f"get_{name}_display", None)
    return display() if display else value


def _is_told(use: SystemUse, name: str, only: Collection[str] | None) -> bool:
    if only is not None and (name not in only or (name == "annual_cost" and not use.shares_cost)):
        return False
    return getattr(use, name) not in (None, "", False)


def terms(use: SystemUse) -> list[str]:
    """Binding, notice, options and renewal in a few words: what the others need to see whether they can join."""
    said = []
    if use.binding_until:
        said.append(_("bound until %(day)s") % {"day": wording.short_day(use.binding_until)})
    if use.notice_months is not None:
        text = ngettext("%(count)s month's notice", "%(count)s months' notice", use.notice_months)
        to = _(", to the end of the %(period)s") % {"period": use.get_notice_to_display()} if use.notice_to else ""
        said.append(text % {"count": use.notice_months} + to)
    if use.options and use.option_months:
        said.append(_("options %(count)s × %(months)s months") % {"count": use.options, "months": use.option_months})
    if use.renews_months:
        said.append(_("renews itself by %(months)s months") % {"months": use.renews_months})
    return said
