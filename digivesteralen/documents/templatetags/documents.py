from django import template

from digivesteralen.documents import access, registry
from digivesteralen.documents.models import Document, Job

register = template.Library()


@register.simple_tag(takes_context=True)
def document_of(context: template.Context, job: Job) -> Document | None:
    return access.document_of(job, context["request"].user)


@register.simple_tag
def kind_title(job: Job) -> str:
    return registry.title_of(job)
