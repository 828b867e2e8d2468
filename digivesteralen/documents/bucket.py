"""Files in an S3-compatible bucket, for an installation of several machines. Nobody reaches them past the portal."""

from typing import Any

from botocore.config import Config
from django.core.files.base import File
from storages.backends.s3 import S3Storage

# Older servers refuse the sums that newer clients add by themselves; what is stored is read back and proven anyway.
CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"max_attempts": 3, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class BucketStorage(S3Storage):
    """One request puts a file there whole or not at all, and never over another."""

    default_acl = None  # the bucket is private
    file_overwrite = False

    def __init__(self, **settings: Any) -> None:
        super().__init__(client_config=CONFIG, **settings)

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        self.connection.meta.client.put_object(
            Bucket=self.bucket_name,
            Key=self._normalize_name(name),
            Body=content.read(),
            ContentType="application/octet-stream",
            IfNoneMatch="*",
        )
        return name

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        """There is none: a file is fetched through the portal, which asks for the right each time."""
        raise ValueError("A stored file has no address of its own.")
