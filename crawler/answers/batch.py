"""A batch: lines in, as many lines out, in the same order, with a bounded number under way."""

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from crawler.answers.answer import Answer, answer_from
from crawler.answers.hands import Done, Hands
from crawler.answers.question import LINE_LIMIT, BadLine, question_of

WINDOW = 64
"""Lines begun and not yet written. One slow page holds up the answers after it, no more."""

_PIECE = 64 * 1024


@dataclass(slots=True)
class Count:
    """How far a batch is."""

    pages: int = 0
    failed: int = 0
    bytes_read: int = 0


@dataclass(slots=True)
class _Slot:
    answer: Answer | None = None


class Lines:
    """Lines of a file descriptor, as they come; of one that is too long only the beginning."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.is_over = False
        self.bytes_read = 0
        self._waiting: deque[bytes] = deque()
        self._begun = b""

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def next(self) -> bytes:
        """The next line, without its end; there must be one."""
        return self._waiting.popleft()

    def read(self) -> None:
        """Read what is there now; it waits if nothing is."""
        piece = os.read(self.descriptor, _PIECE)
        self.bytes_read += len(piece)
        if not piece:
            self.is_over = True
            if self._begun:
                self._waiting.append(self._begun)
            return
        first, *rest = piece.split(b"\n")
        self._begun += first[: max(0, LINE_LIMIT + 1 - len(self._begun))]
        for line in rest:
            self._waiting.append(self._begun)
            self._begun = line


def answer_all(
    lines: Lines,
    write: Callable[[bytes], object],
    hands: Hands,
    tell: Callable[[Count], None] = lambda _: None,
) -> Count:
    """Answer every line, in order; empty lines are passed over."""
    count = Count()
    number = 0
    order: deque[_Slot] = deque()
    under_way: dict[int, _Slot] = {}
    while True:
        while lines and len(order) < WINDOW and not hands.are_all_busy:
            number += 1
            if line := lines.next().strip():
                under_way[number] = slot = _Slot()
                order.append(slot)
                hands.give(number, line)
        if lines.is_over and not lines and not order:
            return count
        may_read = not lines and not lines.is_over
        has_more, done = hands.wait(lines.descriptor if may_read else None)
        if has_more:
            lines.read()
        for one in done:
            under_way.pop(one.number).answer = _answer(one)
        while order and (answer := order[0].answer) is not None:
            order.popleft()
            write(answer.line)
            count.pages += 1
            count.failed += answer.is_failure
        count.bytes_read = lines.bytes_read
        tell(count)


def _answer(done: Done) -> Answer:
    """Its answer, or one that says why there is none."""
    if done.answer is not None:
        return done.answer
    try:
        return answer_from({"id": question_of(done.line).id, "error": done.reason})
    except BadLine as error:
        return answer_from({"id": error.id, "error": done.reason})
