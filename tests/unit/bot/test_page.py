"""Too long a message loses what is least worth, and says how much."""

from bot.presenters.markup import TEXT_LIMIT, visible_length
from bot.presenters.page import Line, fit


def test_short_page_is_left_alone() -> None:
    assert fit([Line("a"), Line("<b>b</b>", spare=1)]) == "a\n<b>b</b>"


def test_lines_with_the_highest_worthlessness_go_first_and_the_last_of_them_before_others() -> None:
    lines = [Line("setup"), Line("x" * 40, 1), Line("y" * 40, 2), Line("z" * 40, 2), Line("end")]
    fitted = fit(lines, limit=130)
    assert "z" not in fitted
    assert fitted.startswith("setup\nxxx")
    assert "1 more line left out" in fitted
    assert "yyy" in fitted


def test_kept_lines_alone_that_do_not_fit_are_cut_rather_than_lost() -> None:
    fitted = fit([Line("<b>" + "x" * 5000 + "</b>")])
    assert visible_length(fitted) == TEXT_LIMIT
    assert fitted.endswith("…")


def test_message_of_exactly_the_limit_is_left_alone() -> None:
    line = "😀" * (TEXT_LIMIT // 2)
    assert fit([Line(line)]) == line
