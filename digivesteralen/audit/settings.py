"""How the database writes history: each insert, update and delete, with who and which request in the row itself."""

import pghistory

__all__ = [
    "CONTACT_DATA",
    "PGHISTORY_APPEND_ONLY",
    "PGHISTORY_CONTEXT_FIELD",
    "PGHISTORY_CONTEXT_ID_FIELD",
    "PGHISTORY_CREATED_AT_FUNCTION",
    "PGHISTORY_DEFAULT_TRACKERS",
    "PGHISTORY_OBJ_FIELD",
]

PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CREATED_AT_FUNCTION = "clock_timestamp()"
# The context stands in the event row: a table of its own could be rewritten by whoever may write there.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
# No foreign key in the database: the history outlives the row.
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history", db_constraint=False)

# How a person is reached is not part of what the history proves (security.md T43). These columns stand outside the
# digests of the chain, in the model's own rows and in its events, so that the owner of the database may blank them
# later and everything else still verifies. A key inside a JSON column is written "column.key".
CONTACT_DATA: dict[str, tuple[str, ...]] = {
    "accounts.User": ("email",),
    "audit.Act": ("detail.email",),
    "governance.Person": ("email",),
    "surveys.Response": ("respondent_name", "respondent_email"),
}
