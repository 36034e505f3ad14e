import pytest

from tests.unit.monitoring.promql import label_values, metric_names, mistakes

QUERY = (
    "histogram_quantile(0.99, sum by (instance, le) "
    '(rate(a_bucket{stage="x",kind=~"y|z"}[6h]))) > 5'
    " and on (instance) time() - b_seconds > 500e6"
)


def test_names_and_matchers_of_a_query_are_found() -> None:
    assert metric_names(QUERY) == {"a_bucket", "b_seconds"}
    assert label_values(QUERY) == [("a_bucket", "stage", "x"), ("a_bucket", "kind", "y|z")]
    assert mistakes(QUERY) == []


@pytest.mark.parametrize(
    "query", ["sum(a", "a)", "sum(a[5m)]", "summ(a)", 'a{stage~"x"}', "a{stage=x}", 'a{"x"}']
)
def test_a_query_that_is_not_well_formed_is_seen(query: str) -> None:
    assert mistakes(query)
