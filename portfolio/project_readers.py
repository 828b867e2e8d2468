"""Who sees a project and its documents: the collaboration, and those from outside it is shared with."""

from __future__ import annotations

from django.utils.translation import gettext as _

from digivesteralen.ui import wording
from governance import who_sees
from governance.who_sees import Line, Seen
from portfolio.models import Project


def of_project(project: Project) -> Seen:
    """As ``Project.objects.visible_to`` and ``shared_with`` find it."""
    return Seen(who_sees.of_collaboration(project.collaboration) + guests(project))


def of_documents(project: Project) -> Seen:
    """Open documents as the project; exempt ones by those who read what is exempt (rule 8)."""
    exempt = who_sees.by_right(who_sees.EXEMPT, project.collaboration, what=_("also exempt documents"))
    also = {line.who for line in exempt}
    others = [line for line in who_sees.of_collaboration(project.collaboration) if line.who not in also]
    return Seen(others + exempt + guests(project))


def guests(project: Project) -> list[Line]:
    """Those from outside, each with the last day."""
    held = project.guests.active().filter(person__user__is_active=True).select_related("person").order_by("pk")
    what = _("the short page and the open documents, until and including %(day)s")
    return [
        Line(
            _("from outside"), "", [str(one.person)], [one.person.user_id], what % {"day": wording.short_day(one.until)}
        )
        for one in held
    ]
