from builders_intake import filled_book, read


def test_a_filled_template_has_no_problem() -> None:
    outcome = read(filled_book())
    assert [str(p) for p in outcome.problems] == []
