"""What has gone out or been adopted, and how the application's own role tries to change it (T24, rule 7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import Error, connection, transaction
from psycopg import sql

MINUTES = "SELECT id FROM governance_meeting WHERE state = 'approved' AND NOT number_only"
ITEMS = f"SELECT id FROM governance_agendaitem WHERE meeting_id IN ({MINUTES})"
SENT = "SELECT id FROM governance_agreement WHERE state <> 'draft'"
STRATEGIES = "SELECT id FROM portfolio_strategy WHERE state = 'adopted'"
GATES = "SELECT id FROM portfolio_gate WHERE answer <> ''"
EVERY = ""


@dataclass(frozen=True)
class Frozen:
    """Rows of a table that stand: all their columns, or those named; ``kept`` where they are not removed either."""

    table: str
    where: str = "true"
    columns: str = EVERY
    kept: bool = True


FROZEN = [
    # What went out, and its proof.
    Frozen("documents_document", "true", "kind subject version title file file_name sha256 size mime made_from"),
    Frozen("governance_meeting", f"id IN ({MINUTES})"),
    Frozen("governance_agendaitem", f"meeting_id IN ({MINUTES})", "meeting_id case_id position late withdrawn reason"),
    Frozen("governance_resolution", f"item_id IN ({ITEMS})"),
    Frozen("governance_attendance", f"meeting_id IN ({MINUTES})"),
    Frozen("governance_minutespublication", "true", "meeting_id document_id"),
    Frozen("governance_case", "sequence IS NOT NULL", "title proposal information assessment body_id year sequence"),
    # Agreements and what municipalities have decided.
    Frozen("governance_agreement", "state <> 'draft'", "title form period_from period_to notice_months what_changed"),
    Frozen("governance_agreementsection", f"agreement_id IN ({SENT})"),
    Frozen("governance_agreementparty", f"agreement_id IN ({SENT})", "agreement_id organisation_id"),
    Frozen("governance_adoption", "registered_at IS NOT NULL", "organisation_id"),
    # What was adopted, saved or reported.
    Frozen("portfolio_strategy", "state = 'adopted'"),
    Frozen("portfolio_pillar", f"strategy_id IN ({STRATEGIES})"),
    Frozen("portfolio_goal", f"strategy_id IN ({STRATEGIES})"),
    Frozen("portfolio_criteriaset", "adopted_on IS NOT NULL"),
    Frozen("portfolio_criterion", "edition_id IN (SELECT id FROM portfolio_criteriaset WHERE adopted_on IS NOT NULL)"),
    Frozen("portfolio_gate", "answer <> ''"),
    Frozen("portfolio_gatecheck", f"gate_id IN ({GATES})"),
    Frozen("portfolio_gatedocument", f"gate_id IN ({GATES})"),
    Frozen("portfolio_projectdocument"),
    Frozen("portfolio_ranking", "true", "criteria_id collaboration_id"),
    Frozen("portfolio_statusreport", "state = 'published'"),
    Frozen("portfolio_financingplan"),
    Frozen("portfolio_benefitmeasurement"),
    Frozen("portfolio_logentry"),
    Frozen("portfolio_riskassessment"),
    Frozen("surveys_convergencemeasure"),
    Frozen("surveys_areaconvergence"),
    Frozen("surveys_inventorysnapshot"),
]  # fmt: skip

# Frozen by triggers too, and tried in the tests of their own pages: the demo has no such row.
WITHOUT_A_ROW = [
    "governance_vote",
    "governance_caseattachment",
    "governance_obligation",
    "portfolio_editionarea",
    "portfolio_mandate",
    "portfolio_gateanswer",
    "portfolio_applicationlist",
    "portfolio_portfolioversion",
    "portfolio_portfolioitem",
    "portfolio_milestonecheck",
    "reports_report",
]

# A value of its own kind that is another one than stands there.
OTHER = {
    "boolean": "NOT coalesce({c}, false)",
    "date": "coalesce({c}, DATE '2001-01-01') + 1",
    "timestamp with time zone": "coalesce({c}, now()) + interval '1 day'",
    "time without time zone": "coalesce({c}, TIME '01:00') + interval '1 hour'",
    "jsonb": "'[\"other\"]'::jsonb",
    "ARRAY": "'{{}}'",
    "uuid": "gen_random_uuid()",
}
NUMBERS = {"integer", "bigint", "smallint", "numeric", "double precision"}


def attempts(frozen: Frozen) -> list[str]:
    """What the application got away with on one frozen row, column by column; a row that is not there counts too."""
    row = _row(frozen)
    if row is None:
        return ["there is no such row to try"]
    named = set(frozen.columns.split())
    got_away = []
    for column, kind in _columns(frozen.table).items():
        if not named or column in named:
            statement = "UPDATE {table} SET {column} = " + _other(kind) + " WHERE ctid = %s"
            got_away += _got_away(frozen, statement, row, column)
    return got_away + (_got_away(frozen, "DELETE FROM {table} WHERE ctid = %s", row) if frozen.kept else [])


def _got_away(frozen: Frozen, statement: str, row: str, column: str = "id") -> list[str]:
    names = {"table": sql.Identifier(frozen.table), "column": sql.Identifier(column), "c": sql.Identifier(column)}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(**names), [row])
    except Error as refusal:
        # Not a constraint, nor the history's own trigger, which comes after: the row's guard.
        if "pgtrigger_" in str(getattr(refusal.__cause__, "diag", None) and refusal.__cause__.diag.context):
            return []
        return [f"{statement.split()[0]} {column}: {refusal}"]
    return [f"{statement.split()[0]} {column}"]


def _row(frozen: Frozen) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {frozen.table} WHERE {frozen.where} LIMIT 1")
        found = cursor.fetchone()
    return found[0] if found else None


def _columns(table: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' AND column_name <> 'id'",
            [table],
        )
        return dict(cursor.fetchall())


def _other(kind: str) -> str:
    if kind in NUMBERS:
        return "coalesce({c}, 0) + 1"
    return OTHER.get(kind, "left(coalesce({c}, '') || 'x', 1) || 'y'")
