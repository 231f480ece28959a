"""A watch over the stream: rules judged and alarms graded, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tulou.operations.alarms.domain.engine import Engine, Frame
from tulou.operations.alarms.domain.grading import Alarm, Grader
from tulou.operations.alarms.domain.rules import Maintenance, RuleSet, Sensor


@dataclass(eq=False)
class Watch:
    """Rules and alarms of a city.

    Args:
        rules: The rules.
        sensors: The sensors.
        maintenance: Times in which readings are no evidence.
        kept: Alarms there are already.
    """

    rules: RuleSet
    sensors: Sequence[Sensor]
    maintenance: Sequence[Maintenance] = ()
    kept: Iterable[Alarm] = ()
    engine: Engine = field(init=False)
    grader: Grader = field(init=False)

    def __post_init__(self) -> None:
        self.engine = Engine(self.rules, self.sensors, self.maintenance)
        self.grader = Grader(self.rules, self.engine.every, self.kept)

    @property
    def alarms(self) -> dict[str, Alarm]:
        """All alarms by their ids, in the order in which they were raised."""
        return self.grader.alarms

    def feed(self, frame: Frame) -> list[Alarm]:
        """Judge readings; the alarms that changed."""
        return self.grader.feed(self.engine.feed(frame))
