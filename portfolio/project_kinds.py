"""What the documents of a project are called below, and who may read them (rule 8); the letter to a guest."""

from django.utils.translation import gettext_lazy as _

from digivesteralen.audit import wording
from digivesteralen.documents import registry
from portfolio import guest_letters
from portfolio.actions import project_documents


def register() -> None:
    """Called once, when the app is ready."""
    for kind, right, exempt in [
        (project_documents.OPEN, "governance.view_collaboration", False),
        (project_documents.EXEMPT, "governance.view_exempt", True),
    ]:
        registry.register(
            kind,
            container=project_documents.collaboration_of,
            right=right,
            title=_("Document of a project"),
            exempt=exempt,
        )
    registry.register(
        guest_letters.KIND,
        container=guest_letters.collaboration_of,
        right="governance.manage_portfolio",
        work=guest_letters.send,
        title=_("E-mail about a shared project"),
        queue="mail",
    )
    wording.tell("shared_document_read", _("read a document of the shared project"))
