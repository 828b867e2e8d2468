from django import template

from digivesteralen.documents import registry
from digivesteralen.documents.models import Job

register = template.Library()


@register.simple_tag
def job_title(job: Job) -> str:
    """What the job makes, in words: its document once there is one."""
    if job.document:
        return job.document.title
    kind = registry.find(job.kind)
    return str(kind.title) if kind else job.kind
