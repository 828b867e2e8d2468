"""Who sits where, as a list that narrows, sorts and carries over into Excel."""

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import tables
from governance.models import Appointment
from governance.titles import Titles


class SeatTable(tables.DsTable):
    # What the page has no room for.
    FOR_WORKBOOKS = ("title", "email", "decision", "appointed_by")

    person = tables.Column(
        verbose_name=_("person"), order_by="person__name", linkify=lambda table, record: table.address(record)
    )
    place = tables.Column(verbose_name=_("where"), order_by="body__name", accessor="place")
    role = tables.Column(verbose_name=_("seat"))
    represents = tables.Column(verbose_name=_("represents"), order_by="represents__sort_key", empty_values=())
    title = tables.Column(verbose_name=_("title"), orderable=False, empty_values=())
    email = tables.Column(verbose_name=_("e-mail"), accessor="person__email", orderable=False)
    since = tables.DateColumn(verbose_name=_("from"))
    until = tables.DateColumn(verbose_name=_("last day"))
    appointed_by = tables.Column(verbose_name=_("elected by"), orderable=False)
    decision = tables.Column(verbose_name=_("decided in"), orderable=False)

    class Meta:
        caption = _("Who sits where")
        row_header = "person"
        empty_text = _("Nobody holds a seat that day, with what you have chosen.")

    def __init__(self, *args: Any, collaboration: Any, titles: Titles, **kwargs: Any) -> None:
        self.collaboration, self.titles = collaboration, titles
        super().__init__(*args, **kwargs)

    def address(self, seat: Any) -> str:
        return reverse("person", args=[self.collaboration.slug, seat.person_id])

    def render_role(self, record: Appointment) -> str:
        return in_words(record)

    value_role = render_role

    def render_represents(self, record: Appointment) -> str:
        return str(record.region or record.represents or "–")

    value_represents = render_represents

    def render_title(self, record: Appointment) -> str:
        return self.titles.of(record)

    value_title = render_title


def in_words(seat: Appointment) -> str:
    """«Kontaktpunkt», «Vara for Kari», «Observatør (bare som styringsgruppe)»."""
    words = _("Contact point") if seat.region_id else capfirst(seat.get_role_display())
    if seat.is_chair:
        words = _("%(seat)s, chairs the body") % {"seat": words}
    if seat.substitute_for_id:
        words = _("Substitute for %(person)s") % {"person": seat.substitute_for.person}
    if seat.only_as:
        return _("%(seat)s (only when it acts as %(kind)s)") % {"seat": words, "kind": seat.get_only_as_display()}
    return str(words)
