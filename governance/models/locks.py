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
                SELECT 1 FROM governance_meeting WHERE id = OLD.meeting_id AND state NOT IN ('planned', 'cancelled')
            ) THEN RAISE EXCEPTION 'The agenda has been sent: withdraw the case instead.'; END IF;
            RETURN OLD;
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
