from django.core.cache import cache, caches


def test_the_cache_keeps_its_client_and_still_works() -> None:
    client = caches["default"]._cache.get_client  # type: ignore[attr-defined]  # Django's own
    assert client("a") is client("b", write=True)
    cache.set_many({"a": [1], "b": None})
    assert cache.get_many(["a", "b", "c"]) == {"a": [1], "b": None}
    cache.delete("a")
    assert cache.get("a") is None
