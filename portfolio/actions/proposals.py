"""What is proposed to each invited municipality: its own share, in words a council can decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from digivesteralen.ui import wording
from governance.models import Adoption
from portfolio.models import Participation, Project
from portfolio.shares import financing


def propose_shares(*, project: Project, by: Any) -> None:
    """Write the share «if all invited join» into the proposal of those that have not begun to treat the matter.

    One whose decision is being registered at this moment is left alone: it is no longer to be proposed anything.
    """
    parts = list(project.participations.whole())
    divided = financing(project, parts).if_all
    wanted = {
        part.adoption_id: proposed_text(project, part, divided.of(part), divided.hours_of(part))
        for part in parts
        if part.may_still_join and part.adoption.state == Adoption.State.OPEN
    }
    unread = Adoption.objects.filter(pk__in=wanted, state=Adoption.State.OPEN).order_by("pk")
    for adoption in unread.select_for_update(of=["self"], skip_locked=True, no_key=True):
        if adoption.proposal != wanted[adoption.pk]:
            Adoption.objects.filter(pk=adoption.pk).update(proposal=wanted[adoption.pk], version=F("version") + 1)


def proposed_text(
    project: Project, part: Participation, amount: Decimal | None, hours: Decimal | None, lang: str = ""
) -> str:
    """One point per line, in the municipality's own name and language form: its council can decide it as it stands."""
    with override(lang or part.organisation.language_form or "nb"):
        return "\n".join(_points(project, part, amount, hours))


def _points(project: Project, part: Participation, amount: Decimal | None, hours: Decimal | None) -> list[str]:
    lines = [
        _("%(municipality)s takes part in %(project)s.")
        % {"municipality": part.organisation.name, "project": project.title}
    ]
    if amount:
        lines.append(
            _("The municipality covers its share of the cost with up to %(amount)s.")
            % {"amount": wording.money(amount)}
        )
    if hours:
        lines.append(
            _("The municipality contributes up to %(hours)s hours of its own work.") % {"hours": wording.number(hours)}
        )
    return lines


# What stands in lists with many municipalities is bokmål, whatever language the writer's pages are in.
@override("nb")
def matter_of_participation(project: Project) -> str:
    return _("Participation in %(project)s") % {"project": project.title}


@override("nb")
def matter_of_leaving(project: Project) -> str:
    return _("Leaving %(project)s") % {"project": project.title}
