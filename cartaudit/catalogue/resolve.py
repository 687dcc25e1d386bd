"""Parameters of a catalogue, resolved without a workbook: for lists, templates and comparisons."""

from collections.abc import Sequence
from datetime import date

from cartaudit.model.checklists import Catalogue
from cartaudit.model.parameters import ParameterValue
from cartaudit.model.resolution import built_in, resolve
from cartaudit.model.rules import BUILT_IN_PARAMETERS
from cartaudit.model.submission import SiteValue


def resolve_parameter(
    catalogue: Catalogue,
    name: str,
    *,
    product: str,
    jurisdiction: str,
    on: date,
    indication: str = "",
    population: str = "",
    site_values: Sequence[SiteValue] = (),
) -> ParameterValue | None:
    """Give the value of a parameter that holds on a day, or None where none was found; see `model.resolution`.

    Raises KeyError for a name that the catalogue does not define.
    """
    if name in BUILT_IN_PARAMETERS:
        return built_in(name, product=product, jurisdiction=jurisdiction)
    return resolve(
        catalogue.parameters_of(name, product, jurisdiction),
        site_values,
        catalogue.definitions[name],
        product=product,
        jurisdiction=jurisdiction,
        indication=indication,
        population=population,
        on=on,
    )
