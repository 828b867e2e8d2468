"""The list of systems as others see it: exactly the columns that the sharing rule of the collaboration opens."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy

from digivesteralen.ui import tables
from governance.models import Collaboration
from surveys import sharing, system_facts
from surveys.comparison_tables import SharedTable
from surveys.models import Integration, SystemUse

# Which columns are there only when the field of this name is shared.
OPENED = {
    "operation": "operation", "release": "release", "users": "users", "fit": "business_fit",
    "cost": "annual_cost", "integrations": "integrations",
}  # fmt: skip


class SharedUses(SharedTable):
    """What the municipalities of one collaboration share (rule 9)."""

    notice = tables.Column(verbose_name=gettext_lazy("Notice and options"), empty_values=(), orderable=False)
    through = tables.Column(
        accessor="through__inventory__municipality", verbose_name=gettext_lazy("By way of"), orderable=False, default=""
    )
    release = tables.Column(verbose_name=gettext_lazy("Version in use"), orderable=False)
    operation = tables.Column(verbose_name=gettext_lazy("Operated by"), empty_values=(), orderable=False)
    users = tables.NumberColumn(verbose_name=gettext_lazy("Number of users"), orderable=False)
    fit = tables.Column(verbose_name=gettext_lazy("Fitness"), empty_values=(), orderable=False)
    cost = tables.MoneyColumn(
        accessor=sharing.COST, verbose_name=gettext_lazy("Cost per year"), orderable=False, default=""
    )
    integrations = tables.Column(
        verbose_name=gettext_lazy("Integrations"), accessor="pk", empty_values=(), orderable=False
    )

    class Meta(SharedTable.Meta):
        pass

    @classmethod
    def of(cls, uses: Any, collaboration: Collaboration) -> SharedUses:
        """The table of these rows, by the rule of the collaboration; columns in which nothing stands are left out."""
        shared = sharing.shared_fields(collaboration)
        rows = sharing.with_shared_cost(uses, collaboration).select_related(
            "area", "product", "supplier", "inventory__municipality", "through__inventory__municipality"
        )
        solutions = Integration.objects.select_related("solution")
        hidden = [column for column, field in OPENED.items() if field not in shared]
        stands = {
            "through": Q(through__isnull=False),
            "integrations": Q(integrations__isnull=False),
            "notice": Q(binding_until__isnull=False) | Q(notice_months__isnull=False) | Q(options__gt=0)
            | Q(renews_months__isnull=False),
        }  # fmt: skip
        hidden += [column for column, told in stands.items() if not uses.filter(told).exists()]
        return cls(rows.prefetch_related(Prefetch("integrations", solutions)), exclude=hidden)

    def render_notice(self, record: SystemUse) -> str:
        return ", ".join(system_facts.terms(record))

    def render_operation(self, record: SystemUse) -> str:
        said = [record.get_operation_display(), record.operated_by, record.get_hosting_display()]
        return ", ".join(str(one) for one in said if one)

    def render_fit(self, record: SystemUse) -> str:
        names = ("business_fit", "technical_fit", "replacement_year", "planned_replacement")
        said = [(name, getattr(record, name)) for name in names]
        return ", ".join(f"{system_facts.label(name)}: {value}" for name, value in said if value not in (None, ""))

    def render_integrations(self, record: SystemUse) -> str:
        return ", ".join(f"{one.solution}: {one.get_state_display()}" for one in record.integrations.all())
