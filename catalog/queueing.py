"""Sends background work once what it is about is certainly stored."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def queue_task(task: "Task[Any, Any]", *args: Any) -> None:
    """Send ``task`` after the commit.

    What was stored stays stored when the broker cannot be reached: that is logged, not raised.
    """

    def send() -> None:
        try:
            task.delay(*args)
        except OperationalError:
            logger.exception("The broker cannot be reached: %s%r was not queued", task.name, args)

    transaction.on_commit(send)
