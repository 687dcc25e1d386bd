"""Names of countries as people write them, by ISO 3166 code."""

from cartaudit.model.countries import COUNTRIES

_NAMES = """
AT: Austria | Österreich | Autriche
BE: Belgium | België | Belgique | Belgien
BG: Bulgaria | България
HR: Croatia | Hrvatska
CY: Cyprus | Κύπρος
CZ: Czechia | Czech Republic | Česko | Česká republika
DK: Denmark | Danmark
EE: Estonia | Eesti
FI: Finland | Suomi
FR: France | Frankreich | Francia
DE: Germany | Deutschland | Allemagne | Alemania | Germania | Niemcy
GR: Greece | Ελλάδα
HU: Hungary | Magyarország
IE: Ireland | Éire
IT: Italy | Italia | Italien | Italie
LV: Latvia | Latvija
LT: Lithuania | Lietuva
LU: Luxembourg | Luxemburg
MT: Malta
NL: Netherlands | The Netherlands | Nederland
PL: Poland | Polska
PT: Portugal
RO: Romania | România
SK: Slovakia | Slovensko
SI: Slovenia | Slovenija
ES: Spain | España | Spanien | Espagne
SE: Sweden | Sverige
IS: Iceland | Ísland
LI: Liechtenstein
NO: Norway | Norge
CH: Switzerland | Schweiz | Suisse | Svizzera
GB: United Kingdom | UK | Great Britain | England | Scotland | Wales | Northern Ireland
US: United States | United States of America | USA
"""

_WRITTEN: dict[str, list[str]] = {
    line.partition(": ")[0]: line.partition(": ")[2].split(" | ") for line in _NAMES.strip().splitlines()
}
COUNTRY_NAMES: dict[str, tuple[str, ...]] = {
    code: tuple(dict.fromkeys((name, *_WRITTEN.get(code, ())))) for code, name in COUNTRIES.items()
}
"""ISO code -> names beside the code itself."""
