from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import forms
from governance.quoting import Quote


class QuoteFilter(forms.FilterForm):
    """Whose decisions, and words that are in them."""

    of = forms.forms.ChoiceField(
        label=_("Decided by"), choices=[("", _("bodies of the collaboration")), ("kommune", _("the municipalities"))]
    )
    q = forms.forms.CharField(label=_("Search"))


class QuoteForm(forms.DsForm):
    """Whether the extract shall be laid among the papers too; asked only where there is one."""

    fields: dict[str, Any]

    with_extract = forms.forms.BooleanField(
        label=_("Attach the extract too"), required=False, initial=True,
        help_text=_("A copy is laid among the papers of the case."),
    )  # fmt: skip

    def __init__(self, *args: Any, quoted: Quote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if quoted.document is None:
            del self.fields["with_extract"]
