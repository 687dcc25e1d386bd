"""The words people answer with, by language, and those that can mean two things.

Compiled from general knowledge, but for the pull-down words of FACT and JACIE workbooks. A word that two languages
or two people read differently is ambiguous and never decides. `mostly` and its like are no answers.
"""

YES: dict[str, str] = {
    "en": (
        "yes | y | yes. | yep | true | ok | okay | compliant | fully compliant | complies | met | fully "
        "met | pass | passed | done | in place | implemented | available | present | conform | "
        "conforming | satisfied | completed | complete"
    ),
    "fr": "oui | conforme | acquis | satisfait | réalisé | fait | en place | vrai | totalement conforme",
    "de": ("ja | j | erfüllt | vollständig erfüllt | konform | vorhanden | erledigt | umgesetzt | wahr | trifft zu"),
    "es": "sí | si | cumple | conforme | cumplido | realizado | verdadero | disponible",
    "it": "sì | si | conforme | soddisfatto | presente | eseguito | vero",
    "pt": "sim | conforme | cumpre | cumprido | verdadeiro | atendido",
    "nl": "ja | j | voldoet | conform | aanwezig | voldaan | waar",
    "sv/da/no": "ja | j | uppfyllt | uppfylld | opfyldt | oppfylt | finns | sant | sand | jo",
    "pl": "tak | spełnione | zgodne | zgodny | prawda | jest",
    "cs/sk": "ano | áno | splněno | splnené | vyhovuje | pravda",
    "other": "evet | da | igen | kyllä | ναι | jah | taip | jā | да",
    "sym": "✓ | ✔ | ✅ | ☑ | √",
}
PARTIAL: dict[str, str] = {
    "en": "partial | partially | partly | part | partially compliant | partially met",
    "fr": "partiel | partiellement | partiellement conforme | en partie | incomplet",
    "de": "teilweise | teils | teilweise erfüllt | tlw | tlw. | unvollständig | teilerfüllt",
    "es": "parcial | parcialmente | cumple parcialmente | en parte | incompleto",
    "it": "parziale | parzialmente | parzialmente conforme | in parte | incompleto",
    "pt": "parcial | parcialmente | em parte | incompleto",
    "nl": "gedeeltelijk | deels | ten dele | onvolledig",
    "sv/da/no": "delvis | delvist | delvis uppfyllt",
    "pl": "częściowo | częściowe | niepełne",
    "cs/sk": "částečně | čiastočne",
    "sym": "± | +/- | ~ | ½ | 0.5 | ◐",
}
NO: dict[str, str] = {
    "en": (
        "no | n | no. | false | non-compliant | noncompliant | not compliant | uncompliant | not met | "
        "fail | failed | missing | absent | not available | not in place | not done"
    ),
    "fr": "non | non conforme | absent | non satisfait | faux | manquant",
    "de": "nein | nicht erfüllt | nicht konform | fehlt | nicht vorhanden | falsch | trifft nicht zu",
    "es": "no | no cumple | no conforme | ausente | falso",
    "it": "no | non conforme | non soddisfatto | assente | falso",
    "pt": "não | nao | não conforme | não cumpre | falso",
    "nl": "nee | voldoet niet | niet conform | ontbreekt | onwaar",
    "sv/da/no": "nej | nei | ej uppfyllt | ikke opfyldt | saknas | mangler | falskt | falsk",
    "pl": "nie | niespełnione | niezgodne | brak | fałsz",
    "cs/sk": "ne | nesplněno | nevyhovuje | nepravda",
    "other": "hayır | nu | nem | ei | όχι | ní | nē | не | нет",
    "sym": "✗ | ✘ | ❌ | ×",
}
NOT_APPLICABLE: dict[str, str] = {
    "en": "n/a | n.a | not applicable | n/app | not relevant | out of scope | does not apply",
    "fr": "s.o. | s/o | sans objet | non applicable | non concerné",
    "de": "entfällt | nicht anwendbar | nicht zutreffend | n. z. | nz | n.z. | k.a. anwendbar | nicht relevant",
    "es": "no aplica | no procede | no aplicable | n/a",
    "it": "non applicabile | non pertinente",
    "pt": "não aplicável | nao aplicavel | não se aplica",
    "nl": "n.v.t. | nvt | niet van toepassing",
    "sv/da/no": "ej tillämpligt | ikke relevant | ikke aktuelt | e.t. | i/a",
    "pl": "nie dotyczy | n.d. | nd",
    "cs/sk": "netýká se | nerelevantní",
}
IN_PROGRESS: dict[str, str] = {
    "en": (
        "in progress | ongoing | wip | pending | planned | started | under way | underway | to do | todo "
        "| tbd | tbc | draft | under review | awaiting | scheduled"
    ),
    "fr": "en cours | prévu | planifié | à faire | en attente",
    "de": "in arbeit | in bearbeitung | laufend | geplant | offen | ausstehend | in vorbereitung",
    "es": "en curso | en proceso | en trámite | previsto | pendiente | planificado",
    "it": "in corso | in fase di | previsto | pianificato | da fare | in attesa",
    "pt": "em curso | em andamento | previsto | pendente | planeado",
    "nl": "in uitvoering | lopend | gepland | in behandeling",
    "sv/da/no": "pågår | pågående | i gang | planerat | planlagt",
    "pl": "w toku | w trakcie | planowane",
    "cs/sk": "probíhá | plánováno",
}
UNKNOWN: dict[str, str] = {
    "en": (
        "? | ?? | unknown | don't know | not sure | unclear | see comment | see comments | see note | "
        "refer to sop | cf. | as above | ditto"
    ),
    "fr": "inconnu | ne sait pas | voir commentaire | idem | nsp",
    "de": "unbekannt | weiß nicht | siehe kommentar | s. kommentar | k.a. | k. a. | keine angabe | dito",
    "es": "desconocido | no sabe | ver comentario | ídem | ns/nc",
    "it": "sconosciuto | non so | vedi nota | idem",
    "nl": "onbekend | zie opmerking | idem",
    "pl": "nie wiem",
}
AMBIGUOUS = frozenset(
    {
        "+",
        "-",
        "/",
        "0",
        "1",
        "c",
        "incomplete",
        "n.a.",
        "n.p.",
        "na",
        "nap",
        "nc",
        "none",
        "o",
        "p",
        "pc",
        "s",
        "so",
        "some",
        "t",
        "v",
        "x",
        "y/n",
        "yes/no",
        "¨",
        "û",
        "ü",
        "ý",
        "þ",
        "○",
    }
)

NOTHING: dict[str, str] = {
    "en": (
        "none | nil | nothing | no one | nobody | to follow | follows | to be confirmed | to be determined | "
        "to be defined | to be decided | to be added | to be done | tba | see sop | see sops | see above | "
        "see below | see file | see document | see documents | see policy | see folder | as above | as before "
        "| same | same as above | on file | on request | available on request | upon request | various | "
        "several | etc | exists | available | yes see file | placeholder | xxx | test | dummy | not yet | "
        "later | soon | asap | none yet | nothing yet | not available yet | being written | being prepared | "
        "in preparation | draft | drafting | first draft | under construction"
    ),
    "fr": (
        "aucun | aucune | néant | rien | personne | à suivre | à venir | à confirmer | à définir | à "
        "compléter | voir sop | voir procédure | voir ci-dessus | voir dossier | comme ci-dessus | cf supra | "
        "cf. supra | sur demande | disponible | divers | existe | bientôt | pas "
        "encore | en préparation | en cours de rédaction | brouillon"
    ),
    "de": (
        "keine | kein | keiner | keines | keinen | nichts | niemand | folgt | wird nachgereicht | "
        "nachzureichen | wird ergänzt | noch offen | noch zu klären | siehe sop | s. sop | siehe oben | s. o. "
        "| s.o. | wie oben | siehe ordner | siehe akte | liegt vor | auf anfrage | diverse | verschiedene | "
        "dito | existiert | demnächst | noch keine | noch keiner | noch nicht | in vorbereitung | in arbeit | entwurf "
        "| wird erstellt"
    ),
    "es": (
        "ninguno | ninguna | ningún | nada | nadie | por confirmar | por definir | a completar | ver sop | "
        "ver arriba | ver procedimiento | como arriba | a petición | bajo petición | varios | existe | pronto "
        "| todavía no | aún no | en preparación | en elaboración | borrador"
    ),
    "it": (
        "nessuno | nessuna | niente | nulla | da confermare | da definire | da completare | segue | vedi sop "
        "| vedi sopra | vedi procedura | come sopra | su richiesta | vari | esiste | a breve "
        "| non ancora | in preparazione | bozza"
    ),
    "pt": (
        "nenhum | nenhuma | nada | ninguém | a confirmar | a definir | a seguir | ver sop | ver acima | como "
        "acima | mediante pedido | vários | existe | em breve | ainda não | em preparação | rascunho"
    ),
    "nl": (
        "geen | niets | niemand | volgt | nog te bepalen | nog in te vullen | zie sop | zie boven | zie "
        "hierboven | zoals boven | op aanvraag | diverse | bestaat | binnenkort "
        "| nog niet | in voorbereiding | concept"
    ),
    "sv/da/no": (
        "ingen | inget | ingenting | intet | inga | följer | følger | kommer | se sop | se ovan | se ovenfor "
        "| som ovan | som ovenfor | på begäran | på forespørsel | samma | finns | ännu inte "
        "| utkast | under utarbetande | udkast"
    ),
    "pl": (
        "brak | nic | nikt | nie ma | żaden | żadne | do uzupełnienia | do potwierdzenia | zob. sop | patrz "
        "sop | jak wyżej | j.w. | na żądanie | różne | wkrótce"
    ),
    "cs/sk": (
        "žádný | žádné | žádná | nic | nikdo | bude doplněno | bude doplnené | viz sop | viz výše | viď "
        "vyššie | na vyžádání | žiadny | žiadne"
    ),
    "other": (
        "nincs | ei ole | ei mitään | καμία | κανένα | yok | niciunul | nimic | няма | нет | немає | puudub | "
        "nėra | nav"
    ),
}
"""Words that say nothing where a document, a person, a measure or a reason is asked."""

MONTHS: dict[str, str] = {
    "en": "january february march april may june july august september october november december",
    "en short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de at": "jänner feber märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
}
"""Names of the months, January first."""

WINGDINGS: dict[str, dict[str, str]] = {
    "wingdings": {"ü": "✓", "þ": "☑", "û": "✗", "ý": "☒", "o": "☐", "¨": "☐", "x": "☒"},
    "wingdings 2": {"P": "✓", "R": "☑", "O": "✗", "Q": "☒", "S": "☒", "T": "☒", "£": "☐"},
    "webdings": {"a": "✓", "r": "✗", "g": "☐", "c": "☐"},
    "marlett": {"a": "✓", "b": "✓", "r": "✗"},
}
"""What a character shows in a symbol font, by the font's name."""
