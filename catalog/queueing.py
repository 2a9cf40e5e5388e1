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
    The arguments are not logged, nor a traceback that some formatters add them to: wishes and
    tastes tell of people.
    """

    def send() -> None:
        try:
            task.delay(*args)
        except OperationalError as error:
            logger.error(  # noqa: TRY400
                "The broker cannot be reached (%s): %s was not queued", error, task.name
            )

    transaction.on_commit(send)
