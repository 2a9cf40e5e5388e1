"""Queues side by side, on the real Redis."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection, Queue

from config.celery import app
from config.demo_processes import QUEUE_GROUPS

FLOOD = 60


@pytest.fixture
def connection() -> Iterator[Connection]:
    """The broker, as a worker reads from it."""
    with app.connection_for_read() as connection:
        yield connection


def test_a_flood_of_wishes_holds_no_look_up_that_all_shoppers_see(connection: Connection) -> None:
    names = QUEUE_GROUPS["outfits"].split(",")
    assert names == ["look", "wish"]
    look, wish = (Queue(f"{name}-{uuid4()}", auto_delete=True) for name in names)
    done: list[str] = []

    def work(body: str, message: Any) -> None:
        done.append(body)
        message.ack()

    channel = connection.channel()
    producer = connection.Producer(channel)
    for queue, count in ((wish, FLOOD), (look, 3)):
        for _ in range(count):
            producer.publish(
                queue.name.partition("-")[0], routing_key=queue.name, declare=[queue(channel)]
            )
    with connection.Consumer([look, wish], callbacks=[work], prefetch_count=1):
        while len(done) < FLOOD + 3:
            with suppress(TimeoutError):
                connection.drain_events(timeout=5)
    # One of each in turn, whatever lies before it.
    assert done[:7].count("look") == 3
    assert done.count("wish") == FLOOD
