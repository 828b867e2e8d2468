"""The e-mail that tells an IT leader of days in contracts that are near."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from digivesteralen.mail.outgoing import send
from digivesteralen.ui import wording
from governance.letters import address
from governance.models import Organisation, Person
from surveys.addresses import own_url
from surveys.models import ContractAlert


def digest(job: Job, report: Report) -> None:
    """Names what still holds when it is sent; where all is dealt with in the meantime, nothing is sent."""
    leader = Person.objects.select_related("user").get(pk=job.arguments["person"])
    alerts = ContractAlert.objects.open().filter(pk__in=job.arguments["alerts"])
    named = list(alerts.select_related("use__product", "use__area", "use__inventory__municipality").order_by("due_on"))
    if not named or not leader.email:
        return
    with translation.override(leader.user.language if leader.user else settings.LANGUAGE_CODE):
        subject = ngettext(
            "%(count)s contract needs a look", "%(count)s contracts need a look", len({one.use_id for one in named})
        ) % {"count": len({one.use_id for one in named})}
        send(job, to=[leader.email], subject=subject, text=_text(named))


def _text(alerts: list[ContractAlert]) -> str:
    places = {one.use.inventory.municipality_id: one.use.inventory.municipality for one in alerts}
    lines = [
        f"- {wording.day(one.due_on)}: {one.get_kind_display()} – {one.use.product} ({one.use.area})" for one in alerts
    ]
    return _("These days are near:\n\n%(lines)s\n\nSee them, and tell what is done, here:\n%(links)s\n") % {
        "lines": "\n".join(lines),
        "links": "\n".join(_link(place) for place in places.values()),
    }


def _link(place: Organisation) -> str:
    return address(own_url(place, "contract_alerts"))
