"""What the administrator reads for the names that the code uses."""

from typing import Any

from django.utils.translation import gettext_lazy as _

REGULAR: dict[str, Any] = {
    "documents.sweep": _("Jobs that got lost are sent again"),
    "documents.remove_orphans": _("Files that nothing points to are removed"),
    "governance.tasks.housekeeping": _("Appointments of the day"),
    "governance.tasks.reminders": _("Reminders about decisions and proposals"),
    "portfolio.tasks.remind_of_status": _("Reminders about project status"),
    "portfolio.tasks.remind_of_benefits": _("Reminders about benefits"),
    "portfolio.tasks.shares_of_the_day": _("Shares of the day"),
    "surveys.tasks.contract_alerts": _("Alerts about contracts"),
    "surveys.tasks.imports_left_behind": _("Imports that stopped are given up"),
    "surveys.tasks.coverage_of_the_day": _("Coverage of the day"),
    "digivesteralen.privacy.tasks.erase_what_is_over": _("What is no longer kept is erased"),
    "audit.seal": _("The chain over the history gets its next link"),
    "backup": _("Backup"),
}
QUEUES: dict[str, Any] = {
    "documents": _("Documents"),
    "imports": _("Imports"),
    "mail": _("E-mail"),
    "": _("No queue"),
}
