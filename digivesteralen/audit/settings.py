"""How the database writes history: each insert, update and delete, with who and which request in the row itself."""

import pghistory

__all__ = [
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
