from django.utils.translation import gettext_lazy as _

from digivesteralen.reports.models import Chapter, Recommendation
from digivesteralen.ui import forms


class NewReportForm(forms.DsForm):
    title = forms.forms.CharField(label=_("Title"), max_length=200, help_text=_("For example «Sluttrapport 2026»."))


class ChapterForm(forms.DsModelForm):
    class Meta:
        model = Chapter
        fields = ["title", "text"]


class RecommendationForm(forms.DsModelForm):
    class Meta:
        model = Recommendation
        fields = ["text", "points"]


class NewEditionForm(forms.DsForm):
    reason = forms.forms.CharField(
        label=_("Why is a new edition made?"), max_length=300, help_text=_("The reason is printed in the report.")
    )
