"""«Hvem ser dette»: the roles and people that see a thing, and why; worked out from the rows that decide it.

A page asks ``holds`` of one person; here the same rows are asked for all at once (accounts.access.holders), so the
panel cannot tell anything else than what the pages do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import groups_with, holders
from digivesteralen.ui import wording
from governance.models import Case, Collaboration, EmergencyAccess, Organisation, Role, RoleGroup

SEE, PREPARE = "governance.view_collaboration", "governance.prepare_meetings"
EXEMPT, PAPERS = "governance.view_exempt", "governance.view_papers"
OWN = "governance.view_organisation"
# As many are named; the rest are counted.
NAMED = 6
KINDS_TOLD = 3


@dataclass(frozen=True)
class Line:
    """Those who see it for one reason: the role they hold and where, or that it is shared with them in person."""

    who: str
    where: str
    names: list[str]
    # The numbers of all of them; somebody may stand in several lines.
    users: list[int | None]
    what: str = ""

    @property
    def count(self) -> int:
        return len(self.users)

    @property
    def more(self) -> int:
        return self.count - len(self.names)


@dataclass(frozen=True)
class Seen:
    """What the panel tells: who sees it, in short, and line by line."""

    lines: list[Line]
    notes: list[str] = field(default_factory=list)

    @property
    def in_short(self) -> str:
        """«27 personer i 11 roller», or the roles themselves where they are few."""
        people = len({user for line in self.lines for user in line.users})
        if not people:
            return _("nobody who can sign in today")
        kinds = list(dict.fromkeys(line.who for line in self.lines))
        if len(kinds) > KINDS_TOLD:
            return _("%(people)s people in %(roles)s roles") % {"people": people, "roles": len(kinds)}
        return ngettext("%(people)s person: %(kinds)s", "%(people)s people: %(kinds)s", people) % {
            "people": people,
            "kinds": ", ".join(kinds),
        }


def by_right(right: str, on: Any, *, among: QuerySet[Any] | None = None, what: str = "") -> list[Line]:
    """One line for each role that holds the right there, with those of its people who can sign in."""
    user = get_user_model()._default_manager.filter(is_active=True)
    found = RoleGroup.objects.filter(group__in=groups_with(right, on), group__user__is_active=True)
    # Whoever is in a group that holds the right, holds it: only where some of them count are they looked for.
    if among is not None:
        user, found = user.filter(pk__in=among.values("pk")), found.filter(group__user__in=among)
    named = user.filter(groups=OuterRef("group")).order_by("name").values("name")
    rows = found.annotate(people=ArrayAgg("group__user", distinct=True), names=ArraySubquery(named[:NAMED]))
    order = list(Role.values)
    emergencies = _emergencies(on) if right == SEE else []
    return emergencies + [
        Line(str(Role(one.role).label), str(on), one.names, one.people, what)
        for one in sorted(rows, key=lambda one: order.index(one.role))
    ]


def _emergencies(collaboration: Collaboration) -> list[Line]:
    """Whoever runs the installation and has opened emergency access, with the minute it ends."""
    held = EmergencyAccess.objects.open().filter(collaboration=collaboration).select_related("opened_by")
    what = _("until %(time)s: %(reason)s")
    return [
        Line(
            _("emergency access"), str(collaboration), [str(one.opened_by)], [one.opened_by_id],
            what % {"time": wording.clock(one.until), "reason": one.reason},
        )
        for one in held
    ]  # fmt: skip


def of_collaboration(collaboration: Collaboration) -> list[Line]:
    """What is open in a collaboration is seen by everybody with a role in it, or in one of its members."""
    return by_right(SEE, collaboration)


def case_readers(case: Case) -> QuerySet[Any]:
    """Those for whom ``Case.objects.visible_to`` finds the case."""
    collaboration = case.body.collaboration
    readers = holders(SEE, collaboration)
    if case.sequence is None:
        readers = readers.filter(pk__in=holders(PREPARE, collaboration).values("pk"))
    if case.is_exempt:
        readers = readers.filter(pk__in=_of_the_exempt(case).values("pk"))
    return readers


def _of_the_exempt(case: Case) -> QuerySet[Any]:
    people = get_user_model()._default_manager
    papers, exempt = holders(PAPERS, case.body), holders(EXEMPT, case.body.collaboration)
    return people.filter(pk__in=papers.values("pk")) | people.filter(pk__in=exempt.values("pk"))


def of_case(case: Case) -> Seen:
    """A draft is the secretariat's; what is exempt is read by those with that right and the body's own readers."""
    collaboration = case.body.collaboration
    if case.sequence is None:
        notes = [_("Others see the case when the agenda is sent.")]
        return Seen(by_right(PREPARE, collaboration, among=case_readers(case)), notes)
    if case.is_exempt:
        readers = case_readers(case)
        lines = by_right(EXEMPT, collaboration, among=readers) + by_right(PAPERS, case.body, among=readers)
        return Seen(lines, [_("Others see neither the title nor the papers, and each look is written down.")])
    told = _("Everybody can read the open agenda and the published minutes, without signing in.")
    return Seen(by_right(SEE, collaboration), [told] if collaboration.public_pages else [])


def of_municipality(municipality: Organisation, reader: Any) -> Seen:
    """Its own people, and those of the collaborations it is in; the reader hears of those the reader may see."""
    lines = by_right(OWN, municipality)
    for one in Collaboration.objects.visible_to(reader).filter(memberships__organisation=municipality).distinct():
        lines += by_right(SEE, one)
    note = _("Decisions, systems and answers have their own rules, told on their own pages.")
    return Seen(lines, [note])
