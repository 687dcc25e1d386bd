"""Units typed with a number, and the lossless way from one to another."""

import re
from dataclasses import dataclass
from fractions import Fraction

from cartaudit.intake.clean import kept, key
from cartaudit.model.text import LEADING_UNITS


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as dimension, factor and offset to the dimension's base."""

    dimension: str
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)


_SPELLINGS: tuple[tuple[Unit, str], ...] = (
    (Unit("temperature"), "°c | c | degc | deg c | ºc | celsius | degrees c | degrees celsius | grad celsius | grad"),
    (Unit("temperature", Fraction(5, 9), Fraction(-160, 9)), "°f | f | degf | deg f | fahrenheit | degrees f | "
     "degrees fahrenheit | grad fahrenheit"),
    (Unit("temperature", Fraction(1), Fraction(-27315, 100)), "k | kelvin"),
    (Unit("time", Fraction(1, 60)), "s | sec | secs | second | seconds | sekunden | secondes"),
    (Unit("time"), "min | mins | min. | minute | minutes | minuten | minuti | minutos | minuut | minuty | minuter"),
    (Unit("time", Fraction(60)), "h | hr | hrs | hour | hours | std | std. | stunde | stunden | heure | heures | "
     "ora | ore | hora | horas | uur | uren | godz | godz. | timer | timmar | hodin"),
    (Unit("time", Fraction(1440)), "d | day | days | tag | tage | tagen | jour | jours | j | giorno | giorni | "
     "día | días | dia | dias | dag | dagen | dagar | dage | dager | dzień | dni | den | dny | dnů"),
    (Unit("time", Fraction(10080)), "w | wk | wks | week | weeks | woche | wochen | semaine | semaines | sem | "
     "settimana | settimane | semana | semanas | weken | tydzień | tygodnie | tygodni | uge | uger | vecka | veckor | "
     "uke | uker | týden | týdny | týdnů"),
    (Unit("calendar"), "month | months | mo | monat | monate | mois | mese | mesi | mes | meses | mês | maand | "
     "maanden | miesiąc | miesiące | miesięcy | måned | måneder | månad | månader | měsíc | měsíce | měsíců"),
    (Unit("calendar", Fraction(12)), "year | years | yr | yrs | y | jahr | jahre | an | ans | année | années | anno | "
     "anni | año | años | ano | anos | jaar | jaren | rok | lata | lat | år"),
    (Unit("percent"), "% | percent | per cent | prozent | pour cent | por ciento | procent"),
    (Unit("distance"), "km | kilometre | kilometres | kilometer | kilometers"),
    (Unit("distance", Fraction(1609344, 1000000)), "mi | mile | miles"),
    (Unit("distance", Fraction(1, 1000)), "m | metre | metres | meter | meters"),
    (Unit("volume"), "ml | millilitre | millilitres | milliliter"),
    (Unit("volume", Fraction(1000)), "l | litre | litres | liter"),
    (Unit("mass"), "mg | milligram | milligrams"),
    (Unit("mass", Fraction(1000)), "g | gram | grams"),
)  # fmt: skip

_POWER = re.compile(
    r"(?P<number>.*\d)(?:\s*[×x*·]\s*|\s+)10\s*(?P<power>[⁰¹²³⁴-⁹]+|(?:\^|\*\*)\s*\d+)\s*/\s*(?P<per>[a-z]+)",
    re.IGNORECASE,
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", "^* ")

_UNITS: dict[str, Unit] = {key(word): unit for unit, words in _SPELLINGS for word in words.split(" | ")}


def convert(amount: Fraction, typed: str, wanted: str) -> Fraction | None:
    """Bring an amount from the unit typed to the question's unit; None where they do not fit."""
    if same_unit(typed, wanted):
        return amount
    source, target = _UNITS.get(key(typed)), _UNITS.get(key(wanted))
    if source is None or target is None or source.dimension != target.dimension:
        return None
    return (amount * source.factor + source.offset - target.offset) / target.factor


def bare_of_unit(text: str, unit: str) -> str:
    """Take off what no plain number has beside it: a power of ten that is the unit's own, or a unit that leads."""
    if unit in LEADING_UNITS and key(text).startswith(f"{unit} "):
        return text.strip()[len(unit) :].strip()
    found = _POWER.fullmatch(text) if unit.startswith("10") else None
    if found is None:
        return text
    power = f"10{found['power'].translate(_RAISED)}/{found['per']}"
    return found["number"] if key(power) == key(unit) else text


def same_unit(one: str, other: str) -> bool:
    """Tell whether two texts are the same unit, apart from how they are spelled."""
    return _plain(one) == _plain(other)


def is_time(unit: str) -> bool:
    """Tell whether a unit measures a length of time: minutes to weeks."""
    known = _UNITS.get(key(unit))
    return known is not None and known.dimension == "time"


def known_unit(text: str) -> str:
    """Give a text where it is a unit that can be converted, else nothing."""
    return text if key(text) in _UNITS else ""


@kept
def _plain(unit: str) -> str:
    """Fold a unit: in the singular, powers of ten in one spelling, no sign of multiplication before them."""
    folded = "".join(key(unit).translate(_LEVEL).split())
    return _TIMES.sub("10", folded).removesuffix("s")


_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "^*")
_TIMES = re.compile(r"^[x×·]\s*10(?=\d)")
