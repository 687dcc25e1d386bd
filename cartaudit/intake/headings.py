"""Headings of the columns of an area sheet: the template's wording, and what other sheets call the same."""

import re
from collections.abc import Mapping

from cartaudit.intake.clean import kept, key
from cartaudit.intake.units import known_unit
from cartaudit.model.layout import AREA_HEADINGS, Field

TITLES: Mapping[Field, str] = {heading.field: heading.title for heading in AREA_HEADINGS}

_SYNONYMS: Mapping[Field, str] = {
    Field.ID: (
        "id | ids | question id | question no | question no. | question number | item | item id | item no | "
        "item no. | ref | ref. | reference | code | no | no. | number | nr | nr. | n° | nº | num | numéro | "
        "nummer | numero | número | kennung | frage-id | frage nr. | fragen-id | identifiant | code question "
        "| référence | identificativo | codice | código | id pregunta | id pergunta | vraag-id | vraagnummer "
        "| identyfikator | id pytania | numer | kod | číslo | id otázky | fråge-id | spørgsmåls-id | standard "
        "| standard number | standard no. | criterion | requirement id"
    ),
    Field.QUESTION: (
        "question | questions | requirement | checklist item | check item | checkpoint | control | item description | "
        "description | audit item | audit question | prüfpunkt | prüffrage | point de contrôle | punto di controllo | "
        "punto de control | item text | question text | statement | criterion text | frage "
        "| anforderung | fragestellung | exigence | libellé | intitulé | domanda | requisito | quesito | "
        "pregunta | pergunta | questão | vraag | eis | pytanie | wymaganie | otázka | požadavek | fråga | "
        "krav | spørgsmål | spørsmål"
    ),
    Field.ANSWER: (
        "answer | answers | response | applicant answer | applicant's answer | applicant response | "
        "self-assessment | self assessment | compliance | compliance status | status | result | site answer | "
        "antwort | erfüllt | ergebnis | selbsteinschätzung | bewertung | réponse | conformité | "
        "auto-évaluation | risposta | conformità | autovalutazione | respuesta | cumplimiento | "
        "autoevaluación | resposta | conformidade | autoavaliação | antwoord | voldoet | zelfevaluatie | "
        "odpowiedź | zgodność | samoocena | odpověď | splněno | svar | bedömning | uppfyllt | vurdering | "
        "egenvurdering"
    ),
    Field.UNIT: (
        "unit | units | einheit | unité | unità | unidad | unidade | eenheid | jednostka | jednotka | enhet | enhed"
    ),
    Field.NUMERATOR: (
        "cases that comply | numerator | compliant cases | zähler | numérateur | numeratore | numerador | teller"
    ),
    Field.DENOMINATOR: (
        "cases examined | denominator | sample | sample size | nenner | dénominateur | denominatore | "
        "denominador | noemer"
    ),
    Field.PERIOD: ("period examined | period | zeitraum | période | periodo | período | periode | okres | období"),
    Field.NA_REASON: (
        "reason if n/a | reason | justification | rationale | n/a reason | reason for n/a | begründung | "
        "begründung bei n/a | motif | justification si s.o. | motivazione | motivo | justificación | "
        "justificação | reden | motivering | uzasadnienie | odůvodnění | begrundelse | begrunnelse"
    ),
    Field.EVIDENCE: (
        "evidence | evidence (document number, version) | supporting documents | documents | document | "
        "document reference | sop | sop reference | nachweis | nachweise | dokument | dokumente | beleg | "
        "preuve | preuves | justificatif | documento | documenti | evidenza | evidenze | evidencia | "
        "evidencias | evidência | evidências | bewijs | bewijsstuk | dowód | dowody | dokumentacja | důkaz | "
        "důkazy | bevis | underlag | dokumentation | dokumentasjon"
    ),
    Field.EVIDENCE_LEVEL: "evidence level | level of evidence | nachweisgrad | niveau de preuve",
    Field.EVIDENCE_DATED: (
        "date of the evidence | evidence date | date of evidence | document date | datum des nachweises | "
        "date de la preuve | data evidenza | fecha de la evidencia | data da evidência | datum bewijs"
    ),
    Field.COMMENT: (
        "comment | comments | remark | remarks | note | notes | applicant comment | applicant comments | "
        "kommentar | kommentare | bemerkung | bemerkungen | anmerkung | anmerkungen | commentaire | "
        "commentaires | remarque | remarques | observations | commento | commenti | osservazioni | comentario "
        "| comentarios | observaciones | comentário | comentários | observações | opmerking | opmerkingen | "
        "toelichting | uwagi | komentarz | poznámka | komentář | kommentarer | anmärkning | bemærkning | "
        "merknad"
    ),
    Field.ANSWERED_BY: (
        "answered by (role) | answered by | responsible | completed by | beantwortet von | répondu par | "
        "compilato da | respondido por | ingevuld door"
    ),
    Field.ANSWERED_ON: ("answered on | date answered | completed on | beantwortet am | date de réponse | ingevuld op"),
    Field.ACTION: (
        "corrective action | action | actions | action plan | maßnahme | maßnahmen | korrekturmaßnahme | "
        "action corrective | actions correctives | azione correttiva | acción correctiva | ação corretiva | "
        "maatregel | działanie korygujące | nápravné opatření | åtgärd | tiltag | tiltak"
    ),
    Field.CONTAINMENT: ("containment until then | containment | interim measure | sofortmaßnahme | mesure provisoire"),
    Field.OWNER_ROLE: (
        "action owner (role) | action owner | owner | owner role | verantwortlich | responsable | "
        "responsabile | responsável | verantwoordelijke | odpowiedzialny | odpovědný | ansvarig | ansvarlig"
    ),
    Field.DUE: (
        "action due | due | due date | deadline | target date | frist | termin | fällig am | échéance | "
        "scadenza | plazo | fecha límite | prazo | uiterste datum | termín"
    ),
    Field.RECONFIRM: "carried over: confirmed? | confirmed? | re-confirm",
    Field.INSPECTOR_ANSWER: (
        "inspector's answer | inspector answer | inspector response | assessor answer | antwort des "
        "inspektors | réponse de l'inspecteur | risposta dell'ispettore | respuesta del inspector"
    ),
    Field.INSPECTOR_ROLE: "inspector (role) | inspector | assessor | inspektor | inspecteur",
    Field.INSPECTED_ON: "inspected on | inspection date | date of inspection",
    Field.INSPECTOR_COMMENT: (
        "inspector's reason | inspector comment | inspector comments | inspector's comment | kommentar des "
        "inspektors | commentaire de l'inspecteur"
    ),
    Field.CORRECTION: "centre's correction | correction | corrections | applicant correction | korrektur",
    Field.REASSESSMENT: ("re-assessment (inspector) | re-assessment | reassessment | neubewertung | réévaluation"),
    Field.REASSESSED_ON: "re-assessed on | reassessed on",
}

_EXACT: Mapping[str, Field] = {key(title): field for field, title in TITLES.items()}
_NAMES: Mapping[str, Field] = {key(name): field for field, names in _SYNONYMS.items() for name in names.split(" | ")}


def exact_field(text: str) -> Field | None:
    """Tell the field whose heading of the template a folded text is."""
    return _EXACT.get(text)


@kept
def known_field(text: str) -> Field | None:
    """Tell the field a folded text is known to mean, in the languages of the vocabulary; never by likeness."""
    return _EXACT.get(text) or _NAMES.get(text.rstrip(" :*?").strip()) or _NAMES.get(text)


_QUALIFIED = re.compile(
    r"\b(?:new|old|final|actual|current|today|now|corrected|correction|updated?|revised|second|[12]nd|1st|real|"
    r"neu|neue|alt|endgültig|aktuell|heute|korrigiert|korrektur|nouvelle?|corrigée?|nuova|corretta|nueva|corregida|"
    r"after|before|as|of|on|the|at|vom|am|stand|du|del|dal)\b|[(\[{][^()\[\]{}]*[)\]}]|[\d.,:;/#*\-\u2013]+",
    re.IGNORECASE,
)
"""What people put before or behind the heading of a column that they repeat."""


def repeats_answer(text: str) -> bool:
    """Tell whether a folded heading names a further column of answers: `answer 2`, `new answer`, `answer (final)`."""
    bare = " ".join(_QUALIFIED.sub(" ", text).split())
    return bare != text and known_field(bare) is Field.ANSWER


_IN_BRACKETS = re.compile(r"[(\[]\s*(?:in\s+|en\s+)?([^()\[\]]{1,20}?)\s*[)\]]\s*[:*?]?\s*$")
_AT_END = re.compile(r"\b(?:in|en)\s+((?:degrees?\s+|grad\s+)?[^\s()]{1,12})\s*[:*?]?\s*$", re.IGNORECASE)
_BARE_AT_END = re.compile(r"\s((?:degrees?\s+|grad\s+)?[^\s()\[\]]{2,12})\s*[:*?]?\s*$", re.IGNORECASE)


def heading_unit(text: str) -> str:
    """Give the unit a heading ends with, where it is one that can be converted: in brackets, behind `in`, or bare."""
    lines = [line for line in text.split("\n") if line.strip()]
    for pattern in (_IN_BRACKETS, _AT_END, _BARE_AT_END):
        match = pattern.search(lines[0]) if lines else None
        if match and known_unit(match[1]):
            return match[1]
    return ""
