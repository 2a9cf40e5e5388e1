"""Django's Redis cache with a client that is kept."""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class KeptClient(RedisCacheClient):
    """Makes one client a server.

    Django makes one for every operation, which takes redis-py longer than asking the server does:
    it fills a table of 170 callbacks each time. A client may be kept; it takes its connection out
    of the pool for every command.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._kept: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the server that is written to, or of one that is read from."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # not in the stubs
        if id(pool) not in self._kept:
            self._kept[id(pool)] = self._client(connection_pool=pool)  # type: ignore[attr-defined]
        return self._kept[id(pool)]


class KeptRedisCache(RedisCache):
    """`django.core.cache.backends.redis.RedisCache`, faster."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
