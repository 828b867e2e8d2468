"""Triggers that let nobody pass a gate by hand: form, verb, ORM or raw SQL (D13, rule 3)."""

import pgtrigger
from pgtrigger import Delete, Insert, Update


def decided_by_its_body() -> pgtrigger.Trigger:
    """A gate is answered by a resolution of the right body on the gate's own case, after all the gates before it."""
    return pgtrigger.Trigger(
        name="decided_by_its_body",
        when=pgtrigger.Before,
        operation=Insert | Update,
        condition=~pgtrigger.Q(new__answer=""),
        declare=[("outcome", "TEXT"), ("place", "BIGINT"), ("decided_case", "BIGINT")],
        func="""
            SELECT resolution.outcome, body.id, item.case_id INTO outcome, place, decided_case
            FROM governance_resolution resolution
            JOIN governance_agendaitem item ON item.id = resolution.item_id
            JOIN governance_meeting meeting ON meeting.id = item.meeting_id
            JOIN governance_case about ON about.id = item.case_id
            JOIN governance_body body ON body.id = about.body_id
            JOIN portfolio_project project ON project.id = NEW.project_id
            WHERE resolution.id = NEW.resolution_id AND meeting.state IN ('held', 'remarks', 'approved')
            AND (body.id = project.gate_body_id OR (project.gate_body_id IS NULL AND body.kind = 'steering'))
            AND body.collaboration_id = project.collaboration_id;
            IF NOT FOUND OR place IS DISTINCT FROM NEW.body_id THEN
                RAISE EXCEPTION 'A gate is decided by a resolution of the body that decides for the project.'
                USING ERRCODE = 'check_violation';
            END IF;
            IF NOT EXISTS (
                WITH RECURSIVE chain AS (
                    SELECT id FROM governance_case WHERE id = NEW.case_id
                    UNION ALL SELECT later.id FROM governance_case later JOIN chain ON later.continues_id = chain.id
                ) SELECT 1 FROM chain WHERE id = decided_case
            ) THEN
                RAISE EXCEPTION 'The resolution is on another case.' USING ERRCODE = 'check_violation';
            END IF;
            IF outcome IN ('postponed', 'noted', 'forwarded') OR (outcome NOT IN ('as_proposed', 'changed',
                'recommended') AND NEW.answer IN ('start', 'approved'))
                OR (outcome IN ('as_proposed', 'recommended') AND NEW.answer <> NEW.proposed)
            THEN
                RAISE EXCEPTION 'The resolution does not say this.' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.answer IN ('start', 'approved') AND (
                (SELECT count(DISTINCT number) FROM portfolio_gate WHERE project_id = NEW.project_id AND part = 0
                    AND number < NEW.number + (NEW.part > 0)::int AND answer IN ('start', 'approved'))
                    < NEW.number - 1 + (NEW.part > 0)::int
                OR EXISTS (
                    SELECT 1 FROM portfolio_gate earlier WHERE earlier.project_id = NEW.project_id AND earlier.part > 0
                    AND (earlier.number, earlier.part) < (NEW.number, NEW.part) AND NOT EXISTS (
                        SELECT 1 FROM portfolio_gate passed WHERE passed.project_id = NEW.project_id
                        AND (passed.number, passed.part) = (earlier.number, earlier.part)
                        AND passed.answer IN ('start', 'approved')))
            ) THEN
                RAISE EXCEPTION 'A gate before this one has not been passed.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def decided_stands() -> pgtrigger.Protect:
    return pgtrigger.Protect(name="decided_stands", operation=Update, condition=~pgtrigger.Q(old__answer=""))


def laid_is_kept() -> pgtrigger.Protect:
    return pgtrigger.Protect(
        name="laid_is_kept",
        operation=Delete,
        condition=~pgtrigger.Q(old__answer="") | pgtrigger.Q(old__case__isnull=False),
    )


def part_of_a_decided_gate() -> pgtrigger.Trigger:
    """What stood on the front page when the gate was decided stays there (rule 7)."""
    return pgtrigger.Trigger(
        name="part_of_a_decided_gate",
        when=pgtrigger.Before,
        operation=Insert | Update | Delete,
        func="""
            IF EXISTS (SELECT 1 FROM portfolio_gate WHERE answer <> '' AND id IN
                (COALESCE(OLD.gate_id, NEW.gate_id), COALESCE(NEW.gate_id, OLD.gate_id)))
            THEN RAISE EXCEPTION 'The gate is decided, and stands as it was.' USING ERRCODE = 'check_violation'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def asks_its_own() -> pgtrigger.Trigger:
    """At a gate a municipality that is in the project is asked, and its answer is a decision of its own (rule 1)."""
    return pgtrigger.Trigger(
        name="asks_its_own",
        when=pgtrigger.Before,
        operation=Insert,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM portfolio_participation part
                JOIN portfolio_gate gate ON gate.id = NEW.gate_id AND gate.project_id = part.project_id
                JOIN governance_adoption own ON own.id = NEW.adoption_id AND own.organisation_id = part.organisation_id
                WHERE part.id = NEW.participation_id)
            THEN RAISE EXCEPTION 'A municipality answers only for itself.' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        """,
    )


def leaves_by_its_own() -> pgtrigger.Trigger:
    """A municipality is in, and goes out, by decisions of its own; a no at a gate is one only where it was asked."""
    return pgtrigger.Trigger(
        name="leaves_by_its_own",
        when=pgtrigger.Before,
        operation=Insert | Update,
        func="""
            IF EXISTS (SELECT 1 FROM governance_adoption WHERE id IN (NEW.adoption_id, NEW.withdrawal_id)
                AND organisation_id <> NEW.organisation_id)
            THEN RAISE EXCEPTION 'A municipality answers only for itself.' USING ERRCODE = 'check_violation'; END IF;
            IF NEW.leaves_by_no IS DISTINCT FROM EXISTS (SELECT 1 FROM portfolio_gateanswer
                WHERE adoption_id = NEW.withdrawal_id AND participation_id = NEW.id)
            THEN RAISE EXCEPTION 'Only an answer at a gate is a no to going on.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
