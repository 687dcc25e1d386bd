import pytest

from cartaudit.report.fonts import code_points, fonts_folder, missing_characters, replace_missing


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_coverage_file_says_what_the_font_has(style: str) -> None:
    from fontTools.ttLib import TTFont

    with TTFont(fonts_folder() / f"NotoSans-{style}.ttf") as font:
        assert code_points() == set(font.getBestCmap())


@pytest.mark.parametrize("text", ["Zürich, Łódź, Πάτρα, Ελλάδα, София", "≤ ≥ ≠ ≈ −150 °C", "→ ✓ ✗ ■ ▲ ● ◆", "a\n\tb"])
def test_text_the_fonts_can_show_stays_as_it_is(text: str) -> None:
    assert replace_missing(text) == (text, ())


def test_missing_characters_become_visible_code_points() -> None:
    assert replace_missing("ok \U0001f600 日") == ("ok [U+1F600] [U+65E5]", ("日", "\U0001f600"))


def test_control_and_bidirectional_characters_are_missing() -> None:
    assert missing_characters("a\x07\u202eb\u200b") == ("\x07", "\u200b", "\u202e")


def test_licence_travels_with_the_fonts() -> None:
    assert "SIL Open Font License" in (fonts_folder() / "OFL.txt").read_text(encoding="utf-8")
