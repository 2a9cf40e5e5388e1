"""Work that cannot be queued is logged, by its name alone."""

from unittest.mock import Mock

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from catalog.queueing import queue_task


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_queued_is_logged_without_its_arguments(
    caplog: pytest.LogCaptureFixture,
) -> None:
    task = Mock()
    task.name = "outfits.tasks.build_wished_look"
    task.delay.side_effect = OperationalError("connection refused")
    with transaction.atomic():
        queue_task(task, 7, {"preferences": ["colour=navy +1.5 said"]})
    task.delay.assert_called_once()
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert "outfits.tasks.build_wished_look was not queued" in record.getMessage()
    assert record.exc_info is None
    assert "navy" not in caplog.text
    assert "preferences" not in str(record.__dict__)
