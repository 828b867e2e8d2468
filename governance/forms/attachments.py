from typing import Any

from django.utils.translation import gettext_lazy as _

from digivesteralen.documents.uploads import UploadField
from digivesteralen.ui import forms
from governance.forms.exemption import NAMES, ExemptionFields
from governance.models import Case, CaseAttachment, Person


class AttachmentForm(ExemptionFields, forms.DsForm):  # type: ignore[misc]
    """A file among the papers of a case, and its public disclosure."""

    folded = [(_("Public disclosure"), NAMES)]

    title = forms.forms.CharField(label=_("Title"), max_length=200)
    file = UploadField(label=_("File"))

    def __init__(self, *args: Any, case: Case, attachment: CaseAttachment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=attachment.version if attachment else None, **kwargs)
        self.begin(attachment or CaseAttachment(), case.body, Person.objects.of(case.body.collaboration))
        if attachment:
            del self.fields["file"]
            self.fields["title"].initial = attachment.title
            self.fields["title"].disabled = not case.is_editable
