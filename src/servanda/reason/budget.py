"""A budget of time: how long a piece of reasoning may take, and what is said when it is spent."""

import time
from dataclasses import dataclass, field


@dataclass
class Budget:
    """`seconds` from when it was made; the clock is one of the machine, never of the agreement."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return self.seconds - (time.monotonic() - self.started)

    @property
    def spent(self) -> bool:
        return self.left <= 0
