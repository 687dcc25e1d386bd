"""Number formats: Excel's built-in codes, and which codes show a number as a date, a time or a length of time."""

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
    43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
"""Format codes that a workbook names by number alone (ECMA-376 part 1, 18.8.30)."""

LOCAL_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Numbers of formats that show a date or time in Chinese, Japanese and Korean programs, each in its own way."""

_DATE_LETTERS = frozenset("dmhys")
_LENGTHS = frozenset({"h", "hh", "m", "mm", "s", "ss"})


def is_temporal(code: str) -> bool:
    """Tell whether a format code shows a number as a date, a time, or a length of time."""
    return any(part in _DATE_LETTERS or _counts_on(part) for part in _shown(code))


def is_duration(code: str) -> bool:
    """Tell whether a temporal format code counts hours, minutes or seconds beyond a day, an hour, a minute."""
    return any(map(_counts_on, _shown(code)))


def _counts_on(part: str) -> bool:
    return part[:1] == "[" and part[1:-1] in _LENGTHS


def _shown(code: str) -> list[str]:
    """Take the first section of a format code apart: its signs in small letters, and what stands in brackets as one.

    Left out is what is shown as written: texts in quotes, and the sign after a backslash, an underscore or a star.
    """
    parts, place, code = [], 0, code.lower()
    while place < len(code) and code[place] != ";":
        sign = code[place]
        end = place + 1
        if sign == '"':
            end = code.find('"', place + 1) + 1 or len(code)
        elif sign in "\\_*":
            end = place + 2
        elif sign == "[":
            end = code.find("]", place + 1) + 1 or len(code)
            parts.append(code[place:end])
        else:
            parts.append(sign)
        place = end
    return parts
