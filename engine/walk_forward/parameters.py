"""How the days are cut into windows, how much is tried, and what is searched."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkForwardParameters(Parameters):
    """How the days are cut into windows, and how much is tried in each."""

    train_days: int = parameter(
        60,
        doc="days that values are fitted on",
        unit="days",
        source="the usual split: train on two months, test on the next",
        low=2,
        high=1_000,
    )
    test_days: int = parameter(
        30,
        doc="days after them that the values are judged by",
        unit="days",
        source="the usual split: train on two months, test on the next",
        low=1,
        high=1_000,
    )
    step_days: int = parameter(
        30,
        doc="days by which the window moves on; never fewer than those of the test",
        unit="days",
        source="the days of a test, so that each day is tested once",
        low=1,
        high=1_000,
    )
    purge_hours: float = parameter(
        0.0,
        doc="hours left out before a test; at least the longest life of a signal always is",
        unit="hours",
        source="López de Prado, Advances in Financial Machine Learning (2018), 7.4.1",
        low=0,
        high=240,
    )
    embargo_days: int = parameter(
        1,
        doc="days left out between train and test: what moved the one still moves the other",
        unit="days",
        source="López de Prado, Advances in Financial Machine Learning (2018), 7.4.2",
        low=0,
        high=60,
    )
    trials: int = parameter(
        100,
        doc="sets of values tried in each window, over all machines that share the study",
        unit="trials",
        source="own choice: a handful of parameters, about 20 trials for each",
        low=1,
        high=100_000,
    )
    least_trades: int = parameter(
        30,
        doc="trades that a trial needs on its train days to be compared at all",
        unit="trades",
        source="below so many a mean says little (the limit of every rate that is shown)",
        low=2,
        high=10_000,
    )
    trials_at_once: int = parameter(
        2,
        doc="trials that are chosen together and may run side by side",
        unit="trials",
        source="own choice: two processors; part of the result, unlike the number of processes",
        low=1,
        high=64,
    )
    lost_trial_minutes: float = parameter(
        5.0,
        doc="a trial of another machine that has not ended after this counts as lost",
        unit="minutes",
        source="own choice: many times what a trial takes",
        low=0.1,
        high=1_440,
    )
    seed: int = parameter(
        7,
        doc="seed of the search: the same seed, data and settings give the same result",
        unit="number",
        source="any number will do",
        low=0,
        high=2**31 - 1,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if self.step_days < self.test_days:
            raise ValueError(
                f"step_days is {self.step_days} and test_days {self.test_days}; step_days must "
                "not be below test_days, or a day would be tested twice"
            )
