from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """Where we stand: what the municipalities have, and what they answered."""

    name = "surveys"
    verbose_name = _("Surveys and inventories")

    def ready(self) -> None:
        from digivesteralen.audit import wording  # noqa: PLC0415 -- the models are ready only now
        from digivesteralen.documents import registry  # noqa: PLC0415
        from digivesteralen.ui import menu  # noqa: PLC0415
        from governance.models import Collaboration  # noqa: PLC0415
        from surveys import (  # noqa: PLC0415
            alert_letters,  # noqa: PLC0415
            import_kinds,
            inventory_check,
            inventory_columns,
            inventory_reader,
            maturity_kinds,  # noqa: PLC0415
            round_letters,  # noqa: PLC0415
            snapshots,
            survey_check,
        )
        from surveys.actions import (  # noqa: PLC0415
            alerts,  # noqa: PLC0415
            imports,
            inventory_import,
            registers,
            rounds,  # noqa: PLC0415
            survey_import,
        )
        from surveys.models import ImportJob, Inventory  # noqa: PLC0415

        def collaboration_of_import(subject: str) -> Any:
            return ImportJob.objects.select_related("collaboration").get(pk=subject).collaboration

        def municipality_of_import(subject: str) -> Any:
            return ImportJob.objects.exclude(municipality=None).get(pk=subject).municipality

        def collaboration_of_document(subject: str) -> Any:
            return Collaboration.objects.get(pk=subject)

        def municipality_of_inventory(subject: str) -> Any:
            return Inventory.objects.select_related("municipality").get(pk=subject).municipality

        maturity_kinds.register()
        menu.register(
            _("Surveys and systems"),
            url=lambda collaboration: reverse("surveys_home", args=[collaboration.slug]) if collaboration else "",
            right="governance.view_collaboration",
            order=50,
        )
        wording.tell("import_applied", _("carried out the import"))
        wording.tell("import_undone", _("undid the import"))
        wording.tell("import_erased", _("erased the file and its cells"))
        for name, work, title in (
            ("surveys.import_read", imports.read_work, _("Reading the file")),
            ("surveys.import_check", imports.check_work, _("Checking the rows")),
            ("surveys.import_apply", imports.apply_work, _("Writing the rows")),
            ("surveys.import_undo", imports.undo_work, _("Taking back the rows")),
        ):
            registry.register(
                name,
                container=collaboration_of_import,
                right="governance.view_collaboration",
                work=work,
                title=title,
                queue="imports",
            )
        # An uploaded file can hold prices and remarks: only the municipality's own people read it again.
        registry.register(
            "surveys.municipality_file",
            container=municipality_of_import,
            right="governance.edit_inventory",
            title=_("Uploaded file"),
            erasable=True,
        )
        registry.register(
            "surveys.collaboration_file",
            container=collaboration_of_import,
            right="governance.manage_surveys",
            title=_("Uploaded file"),
            erasable=True,
        )
        registry.register(
            registers.FILE,
            container=collaboration_of_document,
            right="governance.view_collaboration",
            title=_("Collected document"),
        )
        registry.register(
            rounds.REMINDER,
            container=round_letters.collaboration_of,
            right="governance.manage_collaboration",
            work=round_letters.reminder,
            title=_("Reminder to confirm or correct the systems"),
            queue="mail",
        )
        registry.register(
            alerts.KIND,
            container=alerts.municipality_of,
            right=alerts.RIGHT,
            work=alert_letters.digest,
            title=_("Days in contracts that are near"),
            queue="mail",
        )
        registry.register(
            snapshots.KIND,
            container=municipality_of_inventory,
            right="governance.view_organisation",
            title=_("Submitted inventory"),
        )
        import_kinds.register(
            import_kinds.ImportKind(
                name="inventory",
                title=_("System inventory"),
                read=inventory_reader.read,
                columns=inventory_columns.columns,
                check=inventory_check.check,
                still_stands=inventory_import.still_stands,
                apply=inventory_import.apply,
                undo=inventory_import.undo,
                require=inventory_import.may_import,
                done=inventory_import.done,
                again=inventory_import.again,
                names=True,
            )
        )
        import_kinds.register(
            import_kinds.ImportKind(
                name="survey",
                title=_("Answers to a survey"),
                read=survey_check.read,
                columns=survey_check.columns,
                check=survey_check.check,
                still_stands=survey_import.still_stands,
                apply=survey_import.apply,
                undo=survey_import.undo,
                require=survey_import.may_import,
                done=survey_import.done,
                again=survey_import.done,
            )
        )
