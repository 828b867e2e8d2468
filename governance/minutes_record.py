"""What the minutes hold, as plain data in the words of eInnsyn: signed by its SHA-256, and ready for an export (D17).

Nothing of how they were approved stands in it, so that what two signed is what was approved.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from governance.models import AgendaItem, Attendance, Disqualification, Meeting, Resolution
from governance.quorum import Presence

# The values of eInnsyn's `Votering`; who is not there has none.
VOTES: dict[str, str] = {"yes": "Ja", "no": "Nei", "blank": "Blankt", "absent": ""}
# How each case was voted on, and what members wanted to stand there.
VOTING: list[Any] = [
    Prefetch("disqualifications", Disqualification.objects.told()),
    "resolution__votes__person",
    "resolution__votes__represents",
    "resolution__election",
    "resolution__reservations__person",
    "resolution__forwarded_body",
    "resolution__postponed_to__body",
]


def digest(meeting: Meeting) -> str:
    """The SHA-256 of the content as it stands; the same for the same words, whenever it is asked."""
    text = json.dumps(record(meeting), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(meeting: Meeting) -> dict[str, Any]:
    """A `moetemappe` with its `moetedeltaker` and `moetesak`."""
    presence = Presence(meeting)
    items = meeting.items.select_related("case__body", "case__case_officer", "resolution")
    return {
        "utvalg": meeting.body.name,
        "moetenummer": meeting.label,
        "moetedato": _moment(meeting.starts_at),
        "slutt": _moment(meeting.ends_at),
        "moetested": meeting.place,
        "skriftlig": meeting.written,
        "leder": meeting.chair.name if meeting.chair else "",
        "referent": meeting.secretary.name if meeting.secretary else "",
        "moetedeltaker": [_participant(row) for row in presence.attendances],
        "utenStemmerett": [_participant(row) for row in presence.others],
        "andre": meeting.others,
        "merknader": meeting.agenda_remarks,
        "moetesak": [_case(item) for item in items.prefetch_related("resolution__points", *VOTING)],
    }


def _participant(row: Attendance) -> dict[str, Any]:
    return {
        "navn": row.seat.person.name,
        "funksjon": row.seat.title,
        "representerer": row.seat.represents.name if row.seat.represents else "",
        "status": row.status,
        "vara": row.substitute.name if row.substitute else "",
        "endringer": [
            {
                "saksrekkefoelge": change.item.position,
                "tilOgMed": change.until.position if change.until else None,
                "hva": change.kind,
                "vara": change.substitute.name if change.substitute else "",
                "hjemmel": change.ground,
            }
            for change in sorted(row.changes.all(), key=lambda change: (change.item.position, change.pk))
        ],
    }


def _case(item: AgendaItem) -> dict[str, Any]:
    case = item.case
    resolution: Resolution | None = getattr(item, "resolution", None)
    return {
        "moetesaksaar": case.year,
        "moetesakssekvensnummer": case.sequence,
        "moetesakstype": case.kind_in_einnsyn,
        "offentligTittelSensitiv": case.title,
        "skjermingshjemmel": case.legal_ground if case.exempt else "",
        "saksbehandler": case.case_officer.name if case.case_officer else "",
        "innstilling": case.proposed_points,
        "trukket": item.withdrawn,
        "ettersendt": item.late,
        "habilitet": [_disqualification(one) for one in item.disqualifications.all()],
        "vedtak": _resolution(resolution) if resolution else None,
    }


def _disqualification(one: Disqualification) -> dict[str, Any]:
    return {
        "moetedeltaker": one.person.name,
        "gjelder": one.kind,
        "hjemmel": one.ground_text,
        "resultat": one.state,
        "for": one.votes_for,
        "mot": one.votes_against,
        "vara": one.substitute.name if one.substitute else "",
    }


def _resolution(resolution: Resolution) -> dict[str, Any]:
    return {
        "utfall": resolution.outcome,
        "behandlingsprotokoll": resolution.treatment,
        "votering": {
            "enstemmig": resolution.unanimous,
            "for": resolution.votes_for,
            "mot": resolution.votes_against,
            "blankt": resolution.votes_blank,
            "lederAvgjorde": resolution.chair_decided,
            "maate": resolution.method,
            "alternativ": resolution.alternative,
            "stemmer": [
                {
                    "moetedeltaker": vote.person.name,
                    "stemme": VOTES[vote.value],
                    "representerer": vote.represents.name if vote.represents else "",
                }
                for vote in resolution.votes.all()
            ],
            "valg": [
                {"navn": line.name, "stemmer": line.count, "valgt": line.elected} for line in resolution.election.all()
            ],
        },
        "protokolltilfoersler": [
            {"moetedeltaker": one.person.name, "tekst": one.text} for one in resolution.reservations.all()
        ],
        "oversendt": str(resolution.forwarded_body or resolution.forwarded_to),
        "utsattTil": resolution.postponed_to.label if resolution.postponed_to else "",
        "vedtakstekst": [
            {
                "punkt": point.number,
                "tekst": point.text,
                "ansvarlig": point.responsible,
                "frist": point.deadline.isoformat() if point.deadline else None,
            }
            for point in resolution.points.all()
        ],
    }


def _moment(moment: Any) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None
