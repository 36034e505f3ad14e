"""docs/monitoring.md lists exactly the metrics there are, and channels that can be opened."""

import re

import pytest

from monitoring.apprise_notifier import AppriseNotifier
from tests.architecture.paths import ROOT
from tests.unit.monitoring.exposed import families
from tests.unit.monitoring.full_reading import full_metrics

TEXT = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(quorum_\w+)` \| (\w+) \| (.*?) ?\| (.+) \|$", re.MULTILINE)
CHANNEL = re.compile(r"^\| [^|]+ \| `(\w+://[^`]+)`", re.MULTILINE)


def test_the_tables_are_the_metrics_that_are_exposed() -> None:
    written = {
        name: (kind, set(re.findall(r"`(\w+)`", labels)), meaning)
        for name, kind, labels, meaning in ROW.findall(TEXT)
    }
    exposed = {
        name: (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
            family.documentation,
        )
        for name, family in families(full_metrics()).items()
    }

    assert written == exposed


def test_no_metric_stands_there_twice() -> None:
    names = [name for name, *_ in ROW.findall(TEXT)]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("address", CHANNEL.findall(TEXT))
def test_a_channel_can_be_opened_as_it_is_written(address: str) -> None:
    slack = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"

    AppriseNotifier([address.replace("T.../B.../...", slack)])


def test_the_example_of_several_channels_can_be_opened() -> None:
    (line,) = re.findall(r"^NOTIFY_URLS=(.+)$", TEXT, re.MULTILINE)

    AppriseNotifier(line.split())
