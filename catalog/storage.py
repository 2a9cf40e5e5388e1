"""Files in S3, or in what speaks its protocol, behind addresses that browsers can cache."""

import time
from typing import Any

from storages.backends.s3 import S3Storage

_TOKEN = "X-Amz-Security-Token"  # noqa: S105  # a parameter's name
#: What is signed with temporary credentials ends with them, and these are renewed late.
_TEMPORARY_SECONDS = 300
#: Addresses remembered in one process; about 500 bytes each.
_REMEMBERED = 20_000


class PictureS3Storage(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """S3 storage whose signed addresses stay the same for a while.

    Every signature differs from the last, and to a browser that is another picture. An address
    that is handed out stays valid for at least half of ``querystring_expire`` seconds.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._signed: dict[str, tuple[float, str]] = {}

    def url(
        self,
        name: str,
        parameters: Any = None,
        expire: int | None = None,
        http_method: str | None = None,
    ) -> str:
        """The address of a file, signed unless the bucket is public."""
        if parameters or expire or http_method or not self.querystring_auth:
            return str(super().url(name, parameters, expire, http_method))
        until, url = self._signed.get(name, (0.0, ""))
        if until <= time.time():
            url = str(super().url(name))
            self._remember(name, url)
        return url

    def _remember(self, name: str, url: str) -> None:
        if len(self._signed) >= _REMEMBERED:
            self._signed.clear()
        seconds = self.querystring_expire / 2
        if _TOKEN in url:
            seconds = min(seconds, _TEMPORARY_SECONDS)
        self._signed[name] = (time.time() + seconds, url)
