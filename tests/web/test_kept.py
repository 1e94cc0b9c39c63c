"""Work that is kept: done once, so much at a time, and nobody waits for ever."""

import gc
import threading
import weakref
from functools import partial

import pytest

from servanda.web import kept as module
from servanda.web.kept import Kept
from servanda.web.problems import Problem


def test_it_is_done_once_and_the_latest_used_are_kept() -> None:
    done: list[str] = []
    kept: Kept[str, str] = Kept(2)

    def of(key: str) -> str:
        def make() -> str:
            done.append(key)
            return key.upper()

        return kept.of(key, make)

    assert [of(k) for k in "aabac"] == list("AABAC")
    assert done == ["a", "b", "c"]
    assert [kept.has(k) for k in "abc"] == [True, False, True]


def test_of_heavy_ones_fewer_are_kept_but_always_one() -> None:
    kept: Kept[str, int] = Kept(4, weigh=lambda weight: weight, heaviest=10)

    def after(*weights: int) -> str:
        for key, weight in zip("abcdefgh", weights, strict=False):
            kept.of(f"{weights}{key}", partial(int, weight))
        return "".join(k for k in "abcdefgh" if kept.has(f"{weights}{k}"))

    assert after(1, 1, 1, 1, 1) == "bcde"
    assert after(5, 5, 5) == "bc"
    assert after(1, 2, 9) == "c"
    assert after(3, 99) == "b"


class Circle:
    """What refers to itself stays until it is gathered."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_no_longer_kept_is_gathered() -> None:
    kept: Kept[int, Circle] = Kept(2)
    seen: list[weakref.ref[Circle]] = []

    def make() -> Circle:
        seen.append(weakref.ref(made := Circle()))
        return made

    gc.disable()
    try:
        for _ in range(3):
            kept.in_turn(make)
        for number in range(module.PIECES - 3):
            kept.of(number, make)
        assert [ref() is not None for ref in seen].count(True) == 2
    finally:
        gc.enable()


def test_what_fails_is_tried_anew() -> None:
    kept: Kept[str, int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.of("a", lambda: 1 // 0)
    assert kept.of("a", lambda: 7) == 7


def test_requests_for_one_thing_wait_for_one_piece_of_work() -> None:
    kept: Kept[str, int] = Kept(2)
    begun, go = threading.Event(), threading.Event()
    done: list[int] = []

    def slow() -> int:
        begun.set()
        assert go.wait(10)
        done.append(1)
        return len(done)

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(kept.of("a", slow))) for _ in range(4)]
    for one in threads:
        one.start()
    assert begun.wait(10)
    go.set()
    for one in threads:
        one.join(10)
    assert found == [1, 1, 1, 1]


@pytest.mark.parametrize(("hands", "queue"), [(1, 5), (5, 1)])
def test_when_too_much_is_asked_at_once_it_says_so(
    monkeypatch: pytest.MonkeyPatch, hands: int, queue: int
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    kept: Kept[str, int] = Kept(2, hands, queue)
    assert kept.of("there", lambda: 1) == 1
    begun, go = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        return int(go.wait(10))

    busy = threading.Thread(target=lambda: kept.in_turn(slow))
    busy.start()
    assert begun.wait(10)
    assert kept.of("there", lambda: 2) == 1
    with pytest.raises(Problem, match="Busy"):
        kept.of("other", lambda: 2)
    go.set()
    busy.join(10)
    assert kept.of("other", lambda: 2) == 2
