"""The agreement as PDF: its sections, its parties, the rule that binds nobody, and who has acceded."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.documents.made import Made
from digivesteralen.documents.models import Job
from digivesteralen.documents.registry import Report
from governance import agreement_changes, agreement_dates, checklists
from governance.models import Agreement


def context(agreement: Agreement) -> dict[str, Any]:
    """Everything the document tells, as data."""
    parties = list(agreement.parties.select_related("organisation"))
    rule = checklists.rule_of(agreement.form, agreement.sent_on)
    return {
        "agreement": agreement,
        "collaboration": agreement.collaboration,
        "clauses": agreement.clauses,
        "parties": parties,
        "values": [party for party in parties if party.value],
        "answers": agreement.answers,
        "unwritten": agreement_changes.unmet(agreement),
        "rule": rule,
        "checklist": list(agreement_changes.checklist(agreement)) if rule.council_itself else [],
        "obligations": list(agreement.obligations.select_related("organisation")),
        "leaving": [(party, agreement_dates.liability(agreement, party.left_on)) for party in parties if party.left_on],
        "day": timezone.localdate(),
        "draft": agreement.state == Agreement.State.DRAFT,
        "in_force": agreement.is_in_force(),
        "example": agreement.example or any(party.example for party in parties),
    }


def make(job: Job, report: Report) -> Made:
    """The work of the job: gather, set, hand over with what it was made from."""
    agreement = Agreement.objects.whole().get(pk=job.subject)
    from digivesteralen.documents import pdf  # noqa: PLC0415 -- slow import

    report(20, _("Gathering the text"))
    told = context(agreement)
    report(40, _("Setting the pages"))
    content = pdf.render("pdf/agreement.html", told, title=str(agreement))
    return Made(
        content=content,
        file_name=f"{agreement.collaboration.slug}-{agreement.slug}.pdf",
        mime="application/pdf",
        title=str(agreement),
        made_from={
            "agreement": agreement.pk,
            "version": agreement.version,
            "sections": {clause.kind or str(clause): clause.text for clause in told["clauses"]},
            "parties": [{"organisation": party.organisation_id, "value": party.value} for party in told["parties"]],
            "answers": [{"adoption": answer.pk, "version": answer.version} for answer in told["answers"]],
        },
    )
