from django.core.cache import cache


def test_the_cache_keeps_its_client_and_still_works() -> None:
    client = cache._cache.get_client
    assert client("a") is client("b", write=True)
    cache.set_many({"a": [1], "b": None})
    assert cache.get_many(["a", "b", "c"]) == {"a": [1], "b": None}
    cache.delete("a")
    assert cache.get("a") is None
