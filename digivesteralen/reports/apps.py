from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """The final report: the one place that sees all three apps."""

    name = "digivesteralen.reports"
    label = "reports"

    def ready(self) -> None:
        from django.urls import reverse  # noqa: PLC0415 -- needs the apps

        from digivesteralen.audit import wording  # noqa: PLC0415
        from digivesteralen.documents import registry  # noqa: PLC0415
        from digivesteralen.reports import actions, final_report, former_reports  # noqa: PLC0415
        from digivesteralen.ui import menu  # noqa: PLC0415
        from governance import former_members  # noqa: PLC0415

        place, title = final_report.collaboration_of, _("Final report")
        registry.register(
            actions.DRAFT, container=place, right="governance.publish_report", work=final_report.make, title=title
        )
        registry.register(
            actions.FINAL, container=place, right="governance.view_collaboration", title=title, stays=True
        )
        former_members.register(former_reports.SECTION)
        wording.tell("report_exported", _("exported the report"))
        menu.register(
            _("Reports"),
            url=lambda collaboration: reverse("reports", args=[collaboration.slug]) if collaboration else "",
            order=60,
        )
