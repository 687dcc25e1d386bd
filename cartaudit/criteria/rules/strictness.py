"""What makes an argument stricter: a higher or a lower figure, fewer or more values."""

from typing import Any

from cartaudit.criteria.values import is_day, is_number


def higher(old: Any, new: Any) -> bool:
    """Tell whether a figure or day is at least the old one."""
    return bool(new >= old) if _comparable(old, new) else _same(old, new)


def lower(old: Any, new: Any) -> bool:
    """Tell whether a figure or day is at most the old one."""
    return bool(new <= old) if _comparable(old, new) else _same(old, new)


def fewer(old: Any, new: Any) -> bool:
    """Tell whether a list holds only values of the old one."""
    return _are_lists(old, new) and _all_among(new, old)


def more(old: Any, new: Any) -> bool:
    """Tell whether a list holds all values of the old one."""
    return _are_lists(old, new) and _all_among(old, new)


def _comparable(old: Any, new: Any) -> bool:
    return (is_number(old) and is_number(new)) or (is_day(old) and is_day(new))


def _are_lists(old: Any, new: Any) -> bool:
    return isinstance(old, list) and isinstance(new, list) and bool(new)


def _all_among(some: list[Any], others: list[Any]) -> bool:
    return all(any(_same(one, other) for other in others) for one in some)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
