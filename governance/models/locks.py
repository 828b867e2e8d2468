"""Triggers that keep what has gone out as it was, whoever writes: form, verb, ORM or raw SQL (rules 4 and 7)."""

import pgtrigger
from pgtrigger import Delete, Insert, Update

LOCKED = "The minutes of this meeting are approved and locked."


def approved_meeting() -> pgtrigger.Protect:
    return pgtrigger.Protect(
        name="locked_when_approved",
        operation=Update,
        condition=pgtrigger.Q(old__state="approved") & ~pgtrigger.Q(old__number_only=True),
    )


def never_deleted() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="never_deleted", operation=Delete)


def never_changed() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="never_changed", operation=Update)


def keeps(columns: tuple[str, ...], *, name: str) -> pgtrigger.Trigger:
    """What a row is does not change once it is written."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=Update,
        func=f"""
            IF ROW({old}) IS DISTINCT FROM ROW({new}) THEN RAISE EXCEPTION 'What this row is does not change.'; END IF;
            RETURN NEW;
        """,
    )


def part_of_approved_minutes(meetings: str, *, unless_same: tuple[str, ...] = ()) -> pgtrigger.Trigger:
    """Refuse to add, change or remove what approved minutes tell.

    ``meetings`` selects the meeting of {row}; ``unless_same`` names the columns that count (default: all).
    """
    checks = []
    for row, when in (("OLD", "TG_OP <> 'INSERT'"), ("NEW", "TG_OP <> 'DELETE'")):
        checks.append(
            f"IF {when} THEN IF EXISTS (SELECT 1 FROM governance_meeting WHERE state = 'approved' AND NOT number_only"
            f" AND id IN ({meetings.format(row=row)})) THEN RAISE EXCEPTION '{LOCKED}'; END IF; END IF;"
        )
    same = ""
    if unless_same:
        old, new = (", ".join(f"{row}.{column}" for column in unless_same) for row in ("OLD", "NEW"))
        same = f"IF TG_OP = 'UPDATE' THEN IF ({old}) IS NOT DISTINCT FROM ({new}) THEN RETURN NEW; END IF; END IF;"
    end = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    return pgtrigger.Trigger(
        name="locked_when_approved",
        when=pgtrigger.Before,
        operation=Insert | Update | Delete,
        func=" ".join([same, *checks, end]),
    )


def number_stays() -> pgtrigger.Trigger:
    """A case that has its number keeps it, and is never deleted (rule 4)."""
    return pgtrigger.Trigger(
        name="number_stays",
        when=pgtrigger.Before,
        operation=Update | Delete,
        func="""
            IF OLD.sequence IS NOT NULL THEN
                IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'A numbered case is never deleted.'; END IF;
                IF (OLD.body_id, OLD.year, OLD.sequence) IS DISTINCT FROM (NEW.body_id, NEW.year, NEW.sequence) THEN
                    RAISE EXCEPTION 'A case keeps the number it was given.';
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def counter_only_grows() -> pgtrigger.Protect:
    return pgtrigger.Protect(
        name="only_grows", operation=Update, condition=pgtrigger.Q(new__last__lt=pgtrigger.F("old__last"))
    )


def sent_agenda_keeps_its_items() -> pgtrigger.Trigger:
    """What stood on a sent agenda is withdrawn, never taken away (rule 7)."""
    return pgtrigger.Trigger(
        name="stays_on_a_sent_agenda",
        when=pgtrigger.Before,
        operation=Delete,
        func="""
            IF EXISTS (
                SELECT 1 FROM governance_meeting
                WHERE id = OLD.meeting_id AND (state NOT IN ('planned', 'cancelled') OR called_at IS NOT NULL)
            ) THEN RAISE EXCEPTION 'The agenda has been sent: withdraw the case instead.'; END IF;
            RETURN OLD;
        """,
    )


def sent_agenda_stands() -> pgtrigger.Trigger:
    """A sent agenda is only supplemented: a late case is marked so, another order carries a reason (rule 7)."""
    return pgtrigger.Trigger(
        name="sent_agenda_stands",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM governance_meeting WHERE id = NEW.meeting_id AND called_at IS NOT NULL
                AND (written OR called_at IS DISTINCT FROM starts_at)
            ) THEN RETURN NEW; END IF;
            IF TG_OP = 'INSERT' THEN
                IF NOT NEW.late THEN RAISE EXCEPTION 'The agenda has been sent: add a late case.'; END IF;
                RETURN NEW;
            END IF;
            IF (OLD.meeting_id, OLD.case_id, OLD.late) IS DISTINCT FROM (NEW.meeting_id, NEW.case_id, NEW.late)
                OR (OLD.withdrawn AND NOT NEW.withdrawn) OR (OLD.moved AND NOT NEW.moved)
            THEN RAISE EXCEPTION 'The agenda has been sent and stands as it is.'; END IF;
            IF OLD.position <> NEW.position AND (NOT NEW.moved OR NEW.reason = '')
            THEN RAISE EXCEPTION 'Another order on a sent agenda is marked, and says why.'; END IF;
            RETURN NEW;
        """,
    )


def called_meeting_stays_called() -> pgtrigger.Trigger:
    """A meeting keeps its body and number; once called it is never back to being planned (D9, rule 4)."""
    return pgtrigger.Trigger(
        name="called_stays_called",
        when=pgtrigger.Before,
        operation=Update,
        func="""
            IF (OLD.body_id, OLD.year, OLD.number) IS DISTINCT FROM (NEW.body_id, NEW.year, NEW.number)
            THEN RAISE EXCEPTION 'A meeting keeps the number it was given.'; END IF;
            IF OLD.called_at IS NOT NULL AND (NEW.state = 'planned' OR NEW.called_at IS NULL)
            THEN RAISE EXCEPTION 'A meeting that is called stays called.'; END IF;
            RETURN NEW;
        """,
    )


def sent_case_stands() -> pgtrigger.Trigger:
    """What the members were sent about a case stands as it was sent (rule 7)."""
    texts = ("kind", "title", "information", "assessment", "consequences", "proposal", "asks_municipalities")
    old, new = (", ".join(f"{row}.{name}" for name in texts) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="sent_case_stands",
        when=pgtrigger.Before,
        operation=Update,
        func=f"""
            IF OLD.sequence IS NOT NULL AND ({old}) IS DISTINCT FROM ({new})
            THEN RAISE EXCEPTION 'The case has gone out with the agenda and stands as it is.'; END IF;
            RETURN NEW;
        """,
    )


def answers_of_a_closed_treatment() -> pgtrigger.Trigger:
    """What was answered in a written treatment stands as it was when it was closed or cancelled (rules 5 and 7)."""
    return pgtrigger.Trigger(
        name="answers_stand_when_closed",
        when=pgtrigger.Before,
        operation=Insert | Update | Delete,
        func="""
            IF EXISTS (
                SELECT 1 FROM governance_meeting meeting
                JOIN governance_agendaitem item ON item.meeting_id = meeting.id
                WHERE meeting.written AND meeting.state NOT IN ('planned', 'called')
                AND item.case_id IN (COALESCE(OLD.case_id, NEW.case_id), COALESCE(NEW.case_id, OLD.case_id))
            ) THEN RAISE EXCEPTION 'The written treatment is closed: its answers stand as they were.'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


OSLO = "AT TIME ZONE 'Europe/Oslo'"


def seat_in_its_period() -> pgtrigger.Trigger:
    """A seat meets in its own body and in its own period; before and after it is nobody's (rules 5 and 6).

    A role in the whole collaboration, as the secretariat's, meets in each of its bodies.
    """
    return pgtrigger.Trigger(
        name="seat_in_its_period",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM governance_meeting meeting JOIN governance_appointment seat ON seat.id = NEW.seat_id
                JOIN governance_body body ON body.id = meeting.body_id
                WHERE meeting.id = NEW.meeting_id AND (seat.body_id = body.id
                     OR (NOT NEW.votes_here AND seat.collaboration_id = body.collaboration_id))
                AND (meeting.starts_at IS NULL
                     OR (seat.since <= (COALESCE(meeting.ends_at, meeting.answer_by, meeting.starts_at) {OSLO})::date
                         AND COALESCE(seat.until, 'infinity') >= (meeting.starts_at {OSLO})::date))
            ) THEN RAISE EXCEPTION 'The seat is not held in this body on the day of the meeting.'; END IF;
            RETURN NEW;
        """,
    )


def seat_that_met_keeps_its_days() -> pgtrigger.Trigger:
    """A seat that has met cannot afterwards be given a period in which it had not (rule 7)."""
    return pgtrigger.Trigger(
        name="met_in_its_period",
        when=pgtrigger.Before,
        operation=Update,
        func=f"""
            IF (NEW.since, NEW.until, NEW.body_id) IS DISTINCT FROM (OLD.since, OLD.until, OLD.body_id)
            AND EXISTS (
                SELECT 1 FROM governance_attendance attendance
                JOIN governance_meeting meeting ON meeting.id = attendance.meeting_id
                WHERE attendance.seat_id = OLD.id AND meeting.starts_at IS NOT NULL
                AND attendance.status IN ('present', 'digital', 'answered')
                AND ((attendance.votes_here AND meeting.body_id IS DISTINCT FROM NEW.body_id)
                     OR NEW.since > (COALESCE(meeting.ends_at, meeting.starts_at) {OSLO})::date
                     OR COALESCE(NEW.until, 'infinity') < (meeting.starts_at {OSLO})::date)
            ) THEN RAISE EXCEPTION 'The seat met on a day outside that period.'; END IF;
            RETURN NEW;
        """,
    )


def employer_is_a_legal_entity() -> pgtrigger.Trigger:
    """The collaboration is no legal person and employs nobody: a position has an employer that is one (R4, R5)."""
    return pgtrigger.Trigger(
        name="employer_is_a_legal_entity",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF NOT (SELECT legal_entity FROM governance_organisation WHERE id = NEW.employer_id)
            THEN RAISE EXCEPTION 'Only a legal entity employs.'; END IF;
            RETURN NEW;
        """,
    )


def treated_by_a_political_body() -> pgtrigger.Trigger:
    """Only of an external political body is the outcome written down without a meeting (B24)."""
    return pgtrigger.Trigger(
        name="treated_by_a_political_body",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF (SELECT kind FROM governance_body WHERE id = NEW.body_id) <> 'political'
            THEN RAISE EXCEPTION 'The body meets here: its resolutions are made in its meetings.'; END IF;
            RETURN NEW;
        """,
    )


def meets_here() -> pgtrigger.Trigger:
    """An external political body holds no meeting here (B24)."""
    return pgtrigger.Trigger(
        name="body_meets_here",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF (SELECT kind FROM governance_body WHERE id = NEW.body_id) = 'political'
            THEN RAISE EXCEPTION 'The meetings of an external political body are not held here.'; END IF;
            RETURN NEW;
        """,
    )


def signed_by_one_who_was_there() -> pgtrigger.Trigger:
    """Minutes are signed while they are out, by a person who sat in the room; once approved nothing is changed."""
    return pgtrigger.Trigger(
        name="signed_by_one_who_was_there",
        when=pgtrigger.Before,
        operation=Insert | Delete,
        func="""
            IF TG_OP = 'DELETE' THEN
                IF EXISTS (SELECT 1 FROM governance_meeting WHERE id = OLD.meeting_id AND state = 'approved')
                THEN RAISE EXCEPTION 'The minutes of this meeting are approved and locked.'; END IF;
                RETURN OLD;
            END IF;
            IF NOT EXISTS (SELECT 1 FROM governance_meeting WHERE id = NEW.meeting_id AND state = 'remarks')
            THEN RAISE EXCEPTION 'Minutes are signed while they are out.'; END IF;
            IF NOT EXISTS (
                SELECT 1 FROM governance_attendance attendance
                JOIN governance_appointment seat ON seat.id = attendance.seat_id
                WHERE attendance.meeting_id = NEW.meeting_id AND (attendance.substitute_id = NEW.person_id
                OR (seat.person_id = NEW.person_id AND attendance.status IN ('present', 'digital', 'answered')))
            ) THEN RAISE EXCEPTION 'Minutes are signed by those who were there.'; END IF;
            RETURN NEW;
        """,
    )


def approved_by_two_signatures() -> pgtrigger.Trigger:
    """Where two are to sign, minutes are not approved before two have signed these very words (D11)."""
    return pgtrigger.Trigger(
        name="approved_by_two_signatures",
        when=pgtrigger.Before,
        operation=Insert | Update,
        condition=pgtrigger.Q(new__state="approved", new__approved_way="signed"),
        func="""
            IF (SELECT count(*) FROM governance_minutessignature
                WHERE meeting_id = NEW.id AND sha256 = NEW.content_sha256) < 2
            THEN RAISE EXCEPTION 'Two must sign these minutes before they are approved.'; END IF;
            RETURN NEW;
        """,
    )


def only_approved_is_published() -> pgtrigger.Trigger:
    """Only approved minutes come on the public pages, and a publication is only ever ended, once (rules 7 and 8)."""
    return pgtrigger.Trigger(
        name="only_approved_is_published",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF TG_OP = 'INSERT' THEN
                IF NOT EXISTS (SELECT 1 FROM governance_meeting
                    WHERE id = NEW.meeting_id AND state = 'approved' AND NOT number_only)
                THEN RAISE EXCEPTION 'Only approved minutes are published.'; END IF;
            ELSIF OLD.withdrawn_at IS NOT NULL OR (OLD.meeting_id, OLD.published_at, OLD.published_by_id)
                IS DISTINCT FROM (NEW.meeting_id, NEW.published_at, NEW.published_by_id)
            THEN RAISE EXCEPTION 'What was published stands as it was.'; END IF;
            RETURN NEW;
        """,
    )


def outcome_stands_when_the_meeting_is_over() -> pgtrigger.Trigger:
    """What a meeting decided is not decided again afterwards; its words can be mended until they are approved."""
    return pgtrigger.Trigger(
        name="outcome_stands",
        when=pgtrigger.Before,
        operation=Update | Delete,
        func="""
            IF TG_OP = 'UPDATE' THEN
                IF (OLD.outcome, OLD.item_id) IS NOT DISTINCT FROM (NEW.outcome, NEW.item_id) THEN RETURN NEW; END IF;
            END IF;
            IF EXISTS (
                SELECT 1 FROM governance_meeting meeting JOIN governance_agendaitem item ON item.meeting_id = meeting.id
                WHERE item.id = OLD.item_id AND meeting.state IN ('held', 'remarks', 'approved')
            ) THEN RAISE EXCEPTION 'The meeting is over: its outcome stands.'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def change_in_its_own_meeting() -> pgtrigger.Trigger:
    """A change is told of a seat in the same meeting, ends no earlier than it begins, and unseats nobody who voted."""
    return pgtrigger.Trigger(
        name="change_in_its_own_meeting",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM governance_attendance attendance
                JOIN governance_agendaitem item ON item.meeting_id = attendance.meeting_id
                LEFT JOIN governance_agendaitem until ON until.id = NEW.until_id
                WHERE attendance.id = NEW.attendance_id AND item.id = NEW.item_id
                AND (until.id IS NULL OR (until.meeting_id = item.meeting_id AND until.position >= item.position))
            ) THEN RAISE EXCEPTION 'The change and its cases belong to one meeting, in their order.'; END IF;
            IF NEW.kind IN ('disqualified', 'released') AND EXISTS (
                SELECT 1 FROM governance_vote vote JOIN governance_resolution resolution
                ON resolution.id = vote.resolution_id
                WHERE vote.attendance_id = NEW.attendance_id AND resolution.item_id = NEW.item_id
                AND vote.value <> 'absent' AND vote.person_id IS DISTINCT FROM NEW.substitute_id
            ) THEN RAISE EXCEPTION 'The member has voted in this case.'; END IF;
            RETURN NEW;
        """,
    )


def who_may_vote() -> pgtrigger.Trigger:
    """A vote is that of a voting seat of the same meeting, and never that of a member who stepped down (rule 5)."""
    return pgtrigger.Trigger(
        name="who_may_vote",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM governance_attendance attendance
                JOIN governance_agendaitem item ON item.meeting_id = attendance.meeting_id
                JOIN governance_resolution resolution ON resolution.item_id = item.id
                WHERE attendance.id = NEW.attendance_id AND resolution.id = NEW.resolution_id AND attendance.votes_here
            ) THEN RAISE EXCEPTION 'Only a voting seat of the same meeting votes.'; END IF;
            IF NEW.value <> 'absent' AND EXISTS (
                SELECT 1 FROM governance_attendancechange change
                JOIN governance_resolution resolution ON resolution.item_id = change.item_id
                WHERE resolution.id = NEW.resolution_id AND change.attendance_id = NEW.attendance_id
                AND change.kind IN ('disqualified', 'released') AND change.substitute_id IS DISTINCT FROM NEW.person_id
            ) THEN RAISE EXCEPTION 'A disqualified member cannot vote.'; END IF;
            RETURN NEW;
        """,
    )


def election_counts_the_present() -> pgtrigger.Trigger:
    """The votes of an election are no more than the seats that were filled, where that is known."""
    return pgtrigger.Trigger(
        name="election_counts_the_present",
        when=pgtrigger.After,
        operation=Insert | Update,
        func="""
            IF EXISTS (
                SELECT 1 FROM governance_resolution resolution WHERE resolution.id = NEW.resolution_id
                AND resolution.present < COALESCE(resolution.votes_blank, 0) + (
                    SELECT SUM(line.count) FROM governance_electionline line
                    WHERE line.resolution_id = resolution.id
                )
            ) THEN RAISE EXCEPTION 'There are more votes than voting seats that are filled.'; END IF;
            RETURN NEW;
        """,
    )
