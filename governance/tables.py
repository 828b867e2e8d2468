"""The lists of who we are: members, people, agreements, the municipalities' decisions."""

from collections.abc import Container
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from digivesteralen.ui import tables
from digivesteralen.ui.templatetags.ui import tag
from governance.adoption_states import shown
from governance.models import Adoption, Agreement

AGREEMENT_COLORS = {Agreement.State.DRAFT: "neutral", Agreement.State.SENT: "info", Agreement.State.ENDED: "neutral"}


class MemberTable(tables.DsTable):
    organisation = tables.Column(
        verbose_name=_("municipality"), linkify=True, order_by="organisation__sort_key", accessor="organisation"
    )
    number = tables.Column(accessor="organisation__number", verbose_name=_("number"))
    county = tables.Column(accessor="organisation__county", verbose_name=_("county"))
    people = tables.NumberColumn(accessor="people", verbose_name=pgettext_lazy("inhabitants", "people"))
    since = tables.DateColumn(verbose_name=_("member from"))
    stands_on = tables.Column(
        verbose_name=_("member by"),
        order_by=("ground", "decided_on"),
        linkify=lambda record: record.extract and record.extract.get_absolute_url(),
    )
    until = tables.DateColumn(verbose_name=_("last day"))
    ended_by = tables.Column(
        verbose_name=_("ended by"),
        order_by=("end_ground", "end_decided_on"),
        linkify=lambda record: record.end_extract and record.end_extract.get_absolute_url(),
    )
    named_role = tables.Column(verbose_name=_("named role"))
    note = tables.Column(verbose_name=_("note"))

    class Meta:
        caption = _("Members")
        row_header = "organisation"
        empty_text = _("No members yet.")
        when_told = ("until", "ended_by", "named_role", "note")


class PersonTable(tables.DsTable):
    name = tables.Column(verbose_name=_("name"), order_by="name", linkify=lambda table, record: table.address(record))
    title = tables.Column(verbose_name=_("title"))
    organisation = tables.Column(verbose_name=_("employed by"), order_by="organisation__sort_key")
    roles = tables.Column(verbose_name=_("roles today"), accessor="held", orderable=False)
    email = tables.Column(verbose_name=_("e-mail"))
    access = tables.Column(verbose_name=_("signs in"), accessor="user", orderable=False, empty_values=())

    class Meta:
        caption = _("People")
        row_header = "name"
        empty_text = _("No people match.")

    def __init__(self, *args: Any, collaboration: Any, unreached: Container[str] = (), **kwargs: Any) -> None:
        self.collaboration, self.unreached = collaboration, unreached
        super().__init__(*args, **kwargs)

    def render_email(self, value: str) -> Any:
        if value.lower() not in self.unreached:
            return value
        return format_html("{} {}", value, tag(_("does not get through"), "warning"))

    def value_email(self, value: str) -> str:
        return value

    def address(self, person: Any) -> str:
        return reverse("person", args=[self.collaboration.slug, person.pk])

    def render_roles(self, value: Any) -> str:
        return "; ".join(f"{held.get_role_display()}, {held.place}" for held in value)

    value_roles = render_roles

    def render_access(self, value: Any) -> Any:
        if value is None:
            return _("no")
        return _("yes") if value.is_active else _("User closed")

    value_access = render_access


class AgreementTable(tables.DsTable):
    # What the page has no room for.
    FOR_WORKBOOKS = ("form", "period", "section_count")

    title = tables.Column(verbose_name=_("agreement"), linkify=True, accessor="named", order_by=("title", "number"))
    form = tables.Column(verbose_name=_("organisational form"))
    period = tables.Column(verbose_name=_("period"), accessor="period", order_by="period_from")
    state = tables.TagColumn(verbose_name=_("state"), colors=AGREEMENT_COLORS)
    period_to = tables.DateColumn(verbose_name=_("ends"))
    notice_by = tables.DateColumn(verbose_name=_("notice by"), accessor="notice_by", orderable=False)
    force = tables.Column(verbose_name=_("in force"), accessor="force_sentence", orderable=False)
    section_count = tables.Column(verbose_name=_("sections"), accessor="completeness", order_by="section_count")
    party_count = tables.NumberColumn(verbose_name=_("parties"))
    yes_count = tables.NumberColumn(verbose_name=_("acceded"))
    undecided_count = tables.NumberColumn(verbose_name=_("not clarified"))

    class Meta:
        caption = _("Agreements")
        row_header = "title"
        empty_text = _("No agreements yet.")


class AdoptionTable(tables.DsTable):
    # What the page has no room for.
    FOR_WORKBOOKS = ("vote", "as_proposed", "conditions", "hours", "budget_year", "link", "decided_by", "asked_on")

    matter = tables.Column(verbose_name=_("matter"), linkify=True)
    organisation = tables.Column(verbose_name=_("municipality"), order_by="organisation__sort_key")
    state = tables.Column(verbose_name=_("treatment in the municipality"))
    remark = tables.Column(verbose_name=_("note"), accessor="remark", orderable=False)
    decided_by = tables.Column(verbose_name=_("decided by"))
    decided_on = tables.DateColumn(verbose_name=_("date"))
    case_number = tables.Column(verbose_name=_("case number"))
    vote = tables.Column(verbose_name=_("vote"))
    as_proposed = tables.Column(verbose_name=_("identical to the proposal"), orderable=False, empty_values=())
    conditions = tables.Column(verbose_name=_("conditions"))
    amount = tables.MoneyColumn(verbose_name=_("amount covered"))
    hours = tables.NumberColumn(verbose_name=_("hours covered"))
    budget_year = tables.Column(verbose_name=_("budget year"))
    link = tables.Column(verbose_name=_("link to the record"))
    asked_on = tables.DateColumn(verbose_name=_("sent to the municipality"))
    answer_by = tables.DateColumn(verbose_name=_("answer by"))

    def render_state(self, record: Adoption) -> Any:
        """A registration the municipality objects to never looks decided."""
        state = shown(record)
        return tag(state.words, state.color)

    def value_state(self, record: Adoption) -> Any:
        return shown(record).words

    def render_budget_year(self, value: int) -> str:
        return str(value)  # a year has no thousands

    def value_budget_year(self, value: int) -> int:
        return value

    def value_as_proposed(self, record: Adoption) -> Any:
        return record.as_proposed if record.is_decided else ""

    class Meta:
        caption = _("The municipalities' decisions")
        row_header = "matter"
        empty_text = _("No decisions match.")
