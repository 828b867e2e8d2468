from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    """Running the portal for years: health, figures, jobs that failed, backup and restore."""

    name = "digivesteralen.operations"
    label = "operations"

    def ready(self) -> None:
        from digivesteralen.audit import wording  # noqa: PLC0415 -- needs the loaded apps
        from digivesteralen.documents import registry  # noqa: PLC0415 -- needs the loaded apps
        from digivesteralen.operations import (  # noqa: PLC0415 -- needs the loaded apps
            checks,  # noqa: F401 -- the check registers itself
            errors,
            signals,
            standing,
            users,
        )

        wording.tell("job_tried_again", _("tried the job again"))
        wording.tell(users.CLOSED, _("closed the user"))
        wording.tell(users.OPENED, _("opened the user again"))
        wording.tell(users.FORGOTTEN, _("removed the second step"))
        registry.register(
            users.KIND,
            container=users.of_nobody,
            right="governance.view_collaboration",
            work=users.tell,
            title=_("Letter about a way in"),
            queue=registry.MAIL,
        )

        errors.start(settings.ERRORS_DSN, standing.portal_version())
        task_prerun.connect(signals.before)
        task_postrun.connect(signals.after)
