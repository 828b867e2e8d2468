"""What the minutes tell, in the order of D1: the same for the PDF, the page, the preview and the extract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from digivesteralen.documents.models import Document
from governance import laws, minutes_record, papers
from governance.models import (
    Adoption,
    AgendaItem,
    Attendance,
    AttendanceChange,
    Case,
    Disqualification,
    Meeting,
    MinutesRemark,
    Resolution,
    ResolutionPoint,
    RuleProfile,
)
from governance.quorum import Presence, Quorum
from governance.written import Round, Tally

THERE = (Attendance.Status.PRESENT, Attendance.Status.DIGITAL)


@dataclass(frozen=True)
class Treated:
    """One case of the minutes with what happened in it."""

    entry: papers.Entry
    resolution: Resolution | None
    quorum: Quorum
    changes: list[AttendanceChange]
    adoptions: list[Adoption]
    tally: Tally | None = None

    @property
    def follow_up(self) -> list[ResolutionPoint]:
        """The points that somebody has to carry out."""
        points = self.resolution.points.all() if self.resolution else []
        return [point for point in points if point.responsible or point.deadline]

    @property
    def came_and_left(self) -> list[AttendanceChange]:
        return [change for change in self.changes if not change.steps_down]

    @property
    def disqualified(self) -> list[AttendanceChange]:
        return [change for change in self.changes if change.steps_down]

    @property
    def questions(self) -> list[Disqualification]:
        """What was asked about members being disqualified, and what the body said."""
        return list(self.entry.item.disqualifications.all())

    @property
    def found_able(self) -> list[Disqualification]:
        return [one for one in self.questions if one.state == Disqualification.State.QUALIFIED]


def word(meeting: Meeting) -> str:
    """«Protokoll» where the law binds the body, «Referat» where its agreement does."""
    return pgettext("of a body by law", "Minutes") if meeting.profile.by_law else _("Minutes")


def context(meeting: Meeting, *, public: bool) -> dict[str, Any]:
    presence = Presence(meeting)
    entries = papers.agenda(meeting, public=public)
    profile = meeting.profile
    return {
        "meeting": meeting,
        "collaboration": meeting.body.collaboration,
        "word": _("Written treatment") if meeting.written and profile.is_simple else word(meeting),
        "by_law": profile.by_law,
        "entries": entries,
        "treated": treated(meeting, entries, presence),
        "quorum": presence.at_opening(),
        "public": public,
        "screened": not all(entry.open for entry in entries),
        "withheld": [entry for entry in entries if entry.case.is_exempt],
        "corrections": list(meeting.corrections.all()),
        "draft": meeting.state != Meeting.State.APPROVED,
        "next_meeting": _next_meeting(meeting),
        "attachments": _attachments(meeting, public=public),
        "example": meeting.example,
        **_who_took_part(meeting, presence),
        **_how_it_was_approved(meeting, profile),
    }


def treated(meeting: Meeting, entries: list[papers.Entry], presence: Presence) -> list[Treated]:
    """Each case with all that is told about it, in as many queries whatever the number of cases."""
    prefetch_related_objects([entry.item for entry in entries], *minutes_record.VOTING)
    tallies = {tally.item.pk: tally for tally in Round(meeting).tallies} if meeting.written else {}
    read_whole([entry.item for entry in entries])
    sent = {entry.case.pk for entry in entries if _goes_to_municipalities(entry)}
    asked: dict[int, list[Adoption]] = {}
    for adoption in Adoption.objects.filter(case__in=sent).select_related("organisation"):
        asked.setdefault(adoption.case_id or 0, []).append(adoption)
    return [
        Treated(
            entry,
            getattr(entry.item, "resolution", None),
            presence.at(entry.item),
            presence.changes_at(entry.item),
            asked.get(entry.case.pk, []),
            tallies.get(entry.item.pk),
        )
        for entry in entries
    ]


def read_whole(items: list[AgendaItem]) -> None:
    """Votes by name, elections, words for the minutes and disqualifications of all cases at once."""
    resolutions = [item.resolution for item in items if hasattr(item, "resolution")]
    of_all = ("votes__person", "votes__represents", "election", "reservations__person", "forwarded_body")
    prefetch_related_objects(resolutions, *of_all, "postponed_to__body")
    prefetch_related_objects(items, Prefetch("disqualifications", Disqualification.objects.told()))


def _goes_to_municipalities(entry: papers.Entry) -> bool:
    resolution = getattr(entry.item, "resolution", None)
    return resolution is not None and resolution.is_sent_on(entry.case)


def _who_took_part(meeting: Meeting, presence: Presence) -> dict[str, Any]:
    rows = presence.attendances
    by_status = {status: [row for row in rows if row.status == status] for status in Attendance.Status}
    return {
        "answered": by_status[Attendance.Status.ANSWERED],
        "silent": by_status[Attendance.Status.SILENT],
        "ground": laws.provision("written_treatment", meeting.day) if meeting.why_written else None,
        "met": [(row, _leaves(row)) for row in rows if row.status in THERE],
        "apologies": by_status[Attendance.Status.EXCUSED],
        "absent": by_status[Attendance.Status.ABSENT],
        "uncalled": by_status[Attendance.Status.UNCALLED],
        "without_vote": [row for row in presence.others if row.status in THERE],
        "substitutes": [one for row in rows for one in _substitutes(row)],
        "others": [line.strip() for line in meeting.others.splitlines() if line.strip()],
    }


def _substitutes(row: Attendance) -> list[tuple[Attendance, Any, str]]:
    """Who met for the member: from the opening on, from a case, or in one case alone («i forbindelse med sak 46»)."""
    found = [(row, row.substitute, "; ".join(_leaves(row)))] if row.substitute else []
    for change in row.changes.all():
        if change.substitute is None:
            continue
        told = _("in case %(number)s alone") if change.steps_down else _("from case %(number)s")
        words = told % {"number": change.item.case.number}
        found.append((row, change.substitute, words + _until(change)))
    return found


def _leaves(row: Attendance) -> list[str]:
    """«gikk før sak 3/26»: what stands behind the name in the list of those who met."""
    changes = sorted(row.changes.all(), key=lambda change: (change.item.position, change.pk))
    told = {
        AttendanceChange.Kind.LEFT: _("left before case %(number)s"),
        AttendanceChange.Kind.CAME: _("came before case %(number)s"),
        AttendanceChange.Kind.DIGITAL: _("took part digitally from case %(number)s"),
        AttendanceChange.Kind.LEAVE: _("had leave from case %(number)s"),
        AttendanceChange.Kind.SUBSTITUTE: _("%(name)s met from case %(number)s"),
        AttendanceChange.Kind.DISQUALIFIED: _("disqualified in case %(number)s"),
        AttendanceChange.Kind.RELEASED: _("released in case %(number)s"),
    }
    return [
        told[AttendanceChange.Kind(change.kind)] % {"number": change.item.case.number, "name": change.substitute or ""}
        + _until(change)
        for change in changes
    ]


def _until(change: AttendanceChange) -> str:
    return _(" until and including case %(number)s") % {"number": change.until.case.number} if change.until else ""


def _how_it_was_approved(meeting: Meeting, profile: RuleProfile) -> dict[str, Any]:
    digest = meeting.content_sha256 or minutes_record.digest(meeting)
    answers = list(meeting.remarks.select_related("person").order_by("person__name"))
    return {
        "way": meeting.approved_way or profile.minutes_approval,
        "approved_in": _approved_in(meeting),
        "digest": digest,
        "signatures": [one for one in meeting.signatures.select_related("person") if one.sha256 == digest],
        "said_yes": [one for one in answers if one.approves],
        "said_nothing": [one for one in answers if one.silent],
        "refused": [one for one in answers if one.treatment == MinutesRemark.Treatment.REFUSED],
    }


def _next_meeting(meeting: Meeting) -> Meeting | None:
    later = Meeting.objects.filter(
        body=meeting.body, written=False, starts_at__gt=meeting.starts_at, state__in=["planned", "called"]
    )
    return later.order_by("starts_at").first()


def _approved_in(meeting: Meeting) -> Case | None:
    """The case of a later meeting that approved these minutes; shown only once they are approved."""
    adopted = meeting.approval_cases.filter(
        stage=Case.Stage.TREATED, items__resolution__outcome__in=["as_proposed", "changed"]
    )
    return adopted.select_related("body").order_by("-year", "-sequence").first() if meeting.is_locked else None


def _attachments(meeting: Meeting, *, public: bool) -> list[Document]:
    """The summons as it was sent; its checksum ties the minutes to it."""
    summons = papers.newest(papers.SUMMONS_PUBLIC if public else papers.SUMMONS, meeting)
    return [summons] if summons else []
