"""Work that arrives at once is done at once: one thread takes all that waits, as often as it is free."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from django.db import close_old_connections

log = logging.getLogger(__name__)

Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST = 32  # at once: what they hold, they hold together
PATIENCE_SECONDS = 2.0


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass
class _Place(Generic[Question, Answer]):
    """One that waits. `gone`: no longer."""

    question: Question
    answer: Answer | None = None
    gone: bool = False
    answered: threading.Lock = field(default_factory=_closed)


class Gathering(Generic[Question, Answer]):
    """Calls from many threads, answered together by `work`, on a database connection of its own.

    `work` gets up to MOST questions and gives an answer to each, or None where whoever asked has to see to it
    alone. So does everybody where it raises, takes longer than PATIENCE_SECONDS, or was never started. It may
    then have done its part or not: they have to find out, as after any answer that was lost.
    """

    def __init__(self, name: str, work: Callable[[Sequence[Question]], Sequence[Answer | None]]) -> None:
        self._name, self._work = name, work
        self._waiting: SimpleQueue[_Place[Question, Answer]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Gather from now on in this process. Call after it was forked."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether somebody would answer."""
        return self._thread is not None and self._thread.is_alive()

    def ask(self, question: Question) -> Answer | None:
        """The answer of `work`; None where it gave none."""
        if not self.is_open:
            return None
        place: _Place[Question, Answer] = _Place(question)
        self._waiting.put(place)
        if place.answered.acquire(timeout=PATIENCE_SECONDS):
            return place.answer
        place.gone = True
        return None

    def _run(self) -> None:
        while True:
            places = [place for place in self._next() if not place.gone]
            try:
                self._answer(places)
            finally:
                for place in places:
                    place.answered.release()

    def _next(self) -> Iterator[_Place[Question, Answer]]:
        """Wait for one, and take with it all that wait."""
        yield self._waiting.get()
        try:
            for _ in range(MOST - 1):
                yield self._waiting.get_nowait()
        except Empty:
            return

    def _answer(self, places: Sequence[_Place[Question, Answer]]) -> None:
        try:
            close_old_connections()
            answers = self._work([place.question for place in places]) if places else []
        except Exception as error:
            # Not its words: they can hold what people typed.
            log.warning("%s failed (%s): each goes alone", self._name, type(error).__qualname__)
            return
        for place, answer in zip(places, answers, strict=True):
            place.answer = answer
