from typing import Any

from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from digivesteralen.privacy.models import InformationPage
from digivesteralen.privacy.retention import Kind
from digivesteralen.ui import forms
from digivesteralen.ui.forms import widgets


class PageForm(forms.DsModelForm):
    class Meta:
        model = InformationPage
        fields = ["text", "text_en"]
        field_classes = {"text": forms.RichField, "text_en": forms.RichField}
        labels = {"text": _("Text in Norwegian")}
        widgets = {"text": widgets.RichInput(), "text_en": widgets.RichInput()}
        help_texts = {
            "text_en": _("Shown to those who read the portal in English. Without it they read the text above.")
        }


class MonthsForm(forms.DsForm):
    """How long one kind is kept here; never longer than people have been promised."""

    months = forms.forms.IntegerField(label=_("Kept for months"), min_value=1)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].validators.append(MaxValueValidator(kind.longest))
        self.fields["months"].help_text = _("From 1 to %(longest)s.") % {"longest": kind.longest}
