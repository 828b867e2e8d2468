"""What the page of a meeting shows of its minutes: the papers, the answers to them, the corrections."""

from typing import Any

from django.http import HttpRequest

from digivesteralen.accounts.access import holds
from digivesteralen.documents.models import Document
from governance import papers
from governance.actions import minutes as actions
from governance.models import Meeting


def shown(
    request: HttpRequest, found: Meeting, entries: list[papers.Entry], *, prepares: bool, reads_all: bool
) -> dict[str, Any]:
    """Members read their own remark and how it was treated; all of them are for those who treat them."""
    remarks = list(found.remarks.select_related("person"))
    refusal = actions.why_not_approved(found) if prepares and found.was_held and not found.is_locked else ""
    return {
        "minutes": minutes_for(found, prepares=prepares, reads_all=reads_all),
        "earlier": minutes_versions(found, reads_all=reads_all),
        "remarks": remarks if prepares else [],
        "own_remark": next((one for one in remarks if one.person.user_id == request.user.pk), None),
        "may_remark": found.state == "remarks" and holds(request.user, "governance.approve_minutes", found.body),
        "may_read_minutes": may_read(found, prepares=prepares, reads_all=reads_all),
        "approval_waits_for": refusal,
        "approvable": prepares and found.state == Meeting.State.REMARKS and not refusal,
        "corrections": found.corrections.all() if reads_all or all(entry.open for entry in entries) else [],
        "publication": found.publications.filter(withdrawn_at=None).first() if found.is_locked else None,
        "may_publish": prepares and found.is_locked and found.body.collaboration.public_pages,
        "approved_by": found.profile.minutes_approval,
        "may_sign": actions.may_sign(found, request.user),
    }


def may_read(found: Meeting, *, prepares: bool, reads_all: bool) -> bool:
    """A draft is for the secretariat; minutes that are out, for the body; approved ones for everybody."""
    if found.number_only or found.starts_at is None:
        return False
    if found.is_locked or (prepares and found.state in (Meeting.State.IN_PROGRESS, Meeting.State.HELD)):
        return True
    return found.state == Meeting.State.REMARKS and (reads_all or prepares)


def minutes_for(found: Meeting, *, prepares: bool, reads_all: bool) -> Document | None:
    """A draft is for the secretariat; minutes that are out, for the body; approved ones for everybody."""
    if reads_all and (prepares or found.state in (Meeting.State.REMARKS, Meeting.State.APPROVED)):
        return papers.newest(papers.MINUTES, found)
    return papers.newest(papers.MINUTES_PUBLIC, found) if found.is_locked else None


def minutes_versions(found: Meeting, *, reads_all: bool) -> Any:
    """What was approved first, when it has been corrected since."""
    if not (found.is_locked and found.corrections.exists()):
        return []
    kind = papers.MINUTES if reads_all else papers.MINUTES_PUBLIC
    versions = Document.objects.of(kind, found.pk).filter(made_from__state="approved").newest_first()
    return (versions if reads_all else papers.that_hide_enough(versions, found))[1:]
