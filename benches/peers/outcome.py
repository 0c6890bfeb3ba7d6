"""What a contestant hands back, and a clock for its stages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """How one contestant fared. Seconds are wall time; what it did not reach or cannot tell is None."""

    objective: float | None = None
    read: float | None = None
    build: float | None = None
    solve: float | None = None
    #: seconds inside the solver itself, without the hand-over of the program, where the tool tells
    engine: float | None = None
    total: float | None = None
    #: seconds of processor time of the whole process and what it started: what a busy machine does not stretch
    cpu: float | None = None
    peak_mib: float | None = None
    columns: int | None = None
    rows: int | None = None
    #: how far the objective may lie off for rounding alone, beside the tolerance for all
    rounding: float = 0.0
    status: str = "optimal"
    note: str = ""
    #: the run that it was part of
    run: str = ""


@dataclass
class Clock:
    """Wall time of named stages; a stage may come more than once."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times what stands under it."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
