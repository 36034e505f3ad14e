"""The strategy: every threshold, composed of the groups that the rooms declare for themselves.

A group is a table of the strategy file; a group inside a group is a table inside that table.
"""

from pydantic import BaseModel, ConfigDict, field_validator

from app.settings.feeds import FeedParameters
from app.settings.market_data import MarketDataParameters
from bot.delivery_parameters import DeliveryParameters
from engine.alerts import AlertParameters
from engine.backtest.metrics.parameters import ReportParameters
from engine.backtest.values import BacktestParameters
from engine.confluence_parameters import ConfluenceParameters
from engine.correlations import CorrelationParameters
from engine.decide import AVAILABLE_LAYERS
from engine.execution.parameters import ExecutionParameters
from engine.inputs.parameters import InputParameters
from engine.issue import IssueParameters
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.notice_parameters import NoticeParameters
from engine.opportunity import ScannerParameters
from engine.poll_derivatives import PollingParameters
from engine.readiness.parameters import ReadinessParameters
from engine.retention import RetentionParameters
from engine.shadows import ShadowParameters
from engine.statistics.parameters import StatisticsParameters
from engine.timing import TimingParameters
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ranges import SearchParameters
from exchanges.paper.parameters import PaperParameters
from layers.memory import MemoryParameters
from layers.onchain import OnChainParameters
from layers.orderflow import OrderFlowParameters
from layers.sentiment import SentimentParameters
from layers.technical.parameters import TechnicalParameters
from risk.gate import RiskParameters
from risk.watch.parameters import WatchParameters


class Strategy(BaseModel):
    """The strategy file. The configuration holds for the groups inside as well."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    scanner: ScannerParameters = ScannerParameters()
    technical: TechnicalParameters = TechnicalParameters()
    orderflow: OrderFlowParameters = OrderFlowParameters()
    onchain: OnChainParameters = OnChainParameters()
    sentiment: SentimentParameters = SentimentParameters()
    memory: MemoryParameters = MemoryParameters()
    polling: PollingParameters = PollingParameters()
    feeds: FeedParameters = FeedParameters()
    alerts: AlertParameters = AlertParameters()
    confluence: ConfluenceParameters = ConfluenceParameters()
    risk: RiskParameters = RiskParameters()
    correlations: CorrelationParameters = CorrelationParameters()
    watch: WatchParameters = WatchParameters()
    shadows: ShadowParameters = ShadowParameters()
    statistics: StatisticsParameters = StatisticsParameters()
    issue: IssueParameters = IssueParameters()
    inputs: InputParameters = InputParameters()
    readiness: ReadinessParameters = ReadinessParameters()
    execution: ExecutionParameters = ExecutionParameters()
    paper: PaperParameters = PaperParameters()
    timing: TimingParameters = TimingParameters()
    market_data: MarketDataParameters = MarketDataParameters()
    delivery: DeliveryParameters = DeliveryParameters()
    health: HealthParameters = HealthParameters()
    notices: NoticeParameters = NoticeParameters()
    retention: RetentionParameters = RetentionParameters()
    backtest: BacktestParameters = BacktestParameters()
    report: ReportParameters = ReportParameters()
    walk_forward: WalkForwardParameters = WalkForwardParameters()
    search: SearchParameters = SearchParameters()

    @field_validator("confluence")
    @classmethod
    def _only_available_layers(cls, confluence: ConfluenceParameters) -> ConfluenceParameters:
        if not AVAILABLE_LAYERS.issuperset(confluence.layers):
            available = ", ".join(sorted(AVAILABLE_LAYERS))
            raise ValueError(f"layers may contain only what this version has: {available}")
        return confluence
