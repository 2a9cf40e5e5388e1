"""What serves changes only once every replica answered, one change at a time."""

import math
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection

from outfits.adapters import (
    PromotionRefused,
    adapter_promote,
    adapter_rollback,
    check_canary,
    serving_adapter,
)
from outfits.llm.base import LanguageModelError
from outfits.llm.server import read_adapters
from outfits.models import Adapter, Promotion
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db


def make_adapter(folder: Path, number: int = 1, status: str = Adapter.Status.READY) -> Adapter:
    name = f"stylist-{number:04d}"
    (folder / name).mkdir(exist_ok=True)
    return Adapter.objects.create(
        name=name, path=str(folder / name), base_model="fake-model", status=status
    )


def test_a_promoted_adapter_serves_and_the_change_is_on_record(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    adapter = make_adapter(tmp_path)
    promotion = adapter_promote(adapter=adapter)
    assert serving_adapter() == adapter
    assert stylist.loaded == {adapter.name: tmp_path / adapter.name}
    assert stylist.asked[-1][2] == adapter.name
    assert (promotion.adapter, promotion.previous) == (adapter, None)
    assert promotion.canary["replica-1"] == [0.0, -1.0, -2.0]


@pytest.mark.parametrize("status", [Adapter.Status.TRAINED, Adapter.Status.REJECTED])
def test_only_what_passed_the_gate_can_serve(
    stylist: FakeLanguageModel, tmp_path: Path, status: str
) -> None:
    with pytest.raises(PromotionRefused, match="is not ready"):
        adapter_promote(adapter=make_adapter(tmp_path, status=status))
    assert not stylist.asked


def test_a_failed_canary_leaves_serving_what_served(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    old, new = make_adapter(tmp_path, 1), make_adapter(tmp_path, 2)
    adapter_promote(adapter=old)
    stylist.broken_adapters.add(new.name)
    with pytest.raises(PromotionRefused, match="stylist-0002 failed its canary"):
        adapter_promote(adapter=new)
    assert serving_adapter() == old
    assert set(stylist.loaded) == {old.name}
    assert Promotion.objects.count() == 1


def test_a_replica_that_answers_nonsense_fails_the_canary(
    stylist: FakeLanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nonsense(*args: object, **kwargs: object) -> Mapping[str, list[float]]:
        return {"replica-1": [0.0, math.nan, 1.0]}

    monkeypatch.setattr(stylist, "canary", nonsense)
    adapter = make_adapter(tmp_path)
    with pytest.raises(PromotionRefused, match="no numbers"):
        adapter_promote(adapter=adapter)
    assert serving_adapter() is None
    assert not stylist.loaded


def test_a_server_that_is_down_says_to_try_again(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    stylist.error = LanguageModelError("nobody there", retryable=True)
    with pytest.raises(PromotionRefused, match="nobody there Try again"):
        adapter_promote(adapter=make_adapter(tmp_path))


def test_an_adapter_whose_folder_is_gone_is_refused(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    adapter = make_adapter(tmp_path)
    Path(adapter.path).rmdir()
    with pytest.raises(PromotionRefused, match="folder of stylist-0001 is gone"):
        adapter_promote(adapter=adapter)


@pytest.mark.usefixtures("stylist")
def test_what_serves_already_is_not_promoted_again(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path)
    adapter_promote(adapter=adapter)
    with pytest.raises(PromotionRefused, match="serves already"):
        adapter_promote(adapter=Adapter.objects.get())


def test_rolling_back_goes_step_by_step_to_the_base_model(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    first, second = make_adapter(tmp_path, 1), make_adapter(tmp_path, 2)
    adapter_promote(adapter=first)
    adapter_promote(adapter=second)
    stylist.loaded.clear()  # the server was started anew meanwhile
    promotion = adapter_rollback()
    assert serving_adapter() == first
    assert promotion.is_rollback
    assert first.name in stylist.loaded
    assert adapter_rollback().adapter is None
    assert serving_adapter() is None
    with pytest.raises(PromotionRefused, match="base model serves already"):
        adapter_rollback()


def test_a_rollback_whose_target_does_not_load_changes_nothing(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    first, second = make_adapter(tmp_path, 1), make_adapter(tmp_path, 2)
    adapter_promote(adapter=first)
    adapter_promote(adapter=second)
    stylist.broken_adapters.add(first.name)
    with pytest.raises(PromotionRefused, match="stylist-0001 failed"):
        adapter_rollback()
    assert serving_adapter() == second


def test_only_what_serves_and_what_served_before_stay_loaded(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    for number in (1, 2, 3):
        adapter_promote(adapter=make_adapter(tmp_path, number))
    assert set(stylist.loaded) == {"stylist-0002", "stylist-0003"}


def test_after_a_restart_what_serves_and_what_served_before_are_put_back(
    stylist: FakeLanguageModel, tmp_path: Path
) -> None:
    assert read_adapters() == []
    for number in (1, 2):
        adapter_promote(adapter=make_adapter(tmp_path, number))
    assert [adapter.name for adapter in read_adapters()] == ["stylist-0002", "stylist-0001"]


def test_replicas_that_differ_too_much_are_found() -> None:
    assert not check_canary({"one": [1.0, 2.0], "two": [1.1, 1.9]})
    assert check_canary({"one": [1.0, 2.0], "two": [1.0, -1.0]}).startswith("replicas differ by")


@pytest.mark.parametrize("logits", [[math.nan, 0.0], [0.0, -math.inf]])
def test_scores_that_are_no_numbers_are_found(logits: list[float]) -> None:
    assert check_canary({"one": logits}) == "one gave scores that are no numbers"


def test_no_answer_at_all_is_found() -> None:
    assert check_canary({}) == "no replica answered"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stylist")
def test_two_promotions_at_once_leave_one_serving_adapter(tmp_path: Path) -> None:
    adapters = [make_adapter(tmp_path, number) for number in (1, 2)]
    together, refused = threading.Barrier(2), list[str]()

    def promote(adapter: Adapter) -> None:
        together.wait()
        try:
            adapter_promote(adapter=adapter)
        except PromotionRefused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=promote, args=(adapter,)) for adapter in adapters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused
    last = Promotion.objects.first()
    assert last is not None
    assert serving_adapter() == last.adapter
    assert last.previous in adapters
