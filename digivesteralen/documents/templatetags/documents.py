from django import template

from digivesteralen.documents import registry
from digivesteralen.documents.models import Job

register = template.Library()


@register.simple_tag
def job_title(job: Job) -> str:
    """What the job makes, in words: its document once there is one."""
    if job.document:
        return job.document.title
    return kind_title(job)


@register.simple_tag
def kind_title(job: Job) -> str:
    """The kind of thing it makes, and nothing of what it is about."""
    kind = registry.find(job.kind)
    return str(kind.title) if kind else job.kind
