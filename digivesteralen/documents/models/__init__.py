from digivesteralen.documents.models.document import Document
from digivesteralen.documents.models.job import Job

__all__ = ["Document", "Job"]
