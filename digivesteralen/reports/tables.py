from django.utils.translation import gettext_lazy as _

from digivesteralen.reports.models import Report
from digivesteralen.ui import tables


class ReportTable(tables.DsTable):
    title = tables.Column(linkify=True, verbose_name=_("Report"))
    edition = tables.NumberColumn(verbose_name=_("Edition"))
    state = tables.TagColumn(colors={"draft": "neutral", "published": "success"}, verbose_name=_("State"))
    published_at = tables.DateColumn(verbose_name=_("Published"))

    class Meta:
        model = Report
        fields = ["title", "edition", "state", "published_at"]
        caption = _("Reports")
        empty_text = _("No reports yet")
        row_header = "title"
