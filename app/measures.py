"""What is counted and timed of the running bot."""

from dataclasses import dataclass, field

from app.latency import Handed, LatencyRecorder
from app.tally import Tally
from app.version import VERSION
from bot.handover import Delivered
from engine.activity import Activity
from engine.issue import is_post_key
from monitoring.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """The counts of the run, how long things took, and when something was decided last."""

    tally: Tally
    latency: LatencyRecorder
    activity: Activity = field(default_factory=Activity)

    def note_delivered(self, delivered: Delivered) -> None:
        """A message was accepted; of a signal's post it is told how long it took."""
        self.tally.message()
        if is_post_key(delivered.row.message.key):
            handed = Handed(over_at=delivered.handed_over_at, accepted_at=delivered.accepted_at)
            self.latency.delivered(delivered.row.message.key, handed)


def new_measures() -> Measures:
    """Nothing counted yet."""
    metrics = Metrics(version=VERSION)
    return Measures(tally=Tally(metrics=metrics), latency=LatencyRecorder(metrics.observe_latency))
