"""Names: what products, choices and parameters are called in print."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Choice, Question


class Names:
    """The names of one catalogue; `questions` are its questions with the labels of choices that its products give."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.questions = _labelled(catalogue)
        self._labels = _labels(self.questions.values())

    def product(self, product: str) -> str:
        """Give a product's name."""
        known = self._catalogue.products.get(product)
        return known.name if known else product

    def parameter(self, name: str) -> str:
        """Give a parameter's wording, up to its first colon."""
        definition = self._catalogue.definitions.get(name)
        return (definition.text.partition(":")[0] if definition else name.replace("_", " ")).rstrip(".")

    def label(self, value: str) -> str:
        """Give the label of a choice that a threshold names, or the text itself."""
        return self._labels.get(value) or value.replace("_", " ")

    def treatment(self, treatment: Treatment) -> str:
        """Name a treatment: product, indication, population."""
        product = self._catalogue.products.get(treatment.product)
        labels = {i.id: i.label for i in product.indications} if product else {}
        indication = labels.get(treatment.indication, treatment.indication)
        group = ", ".join(filter(None, (indication, treatment.population.replace("_", " "))))
        name = self.product(treatment.product)
        return f"{name} ({group})" if group else name


def _labelled(catalogue: Catalogue) -> dict[str, Question]:
    products = tuple(Choice(id=p.id, label=p.name) for p in catalogue.products.values())
    indications = {i.id: i.label for p in catalogue.products.values() for i in p.indications}
    choices = {
        "products": products,
        "profile.products": products,
        "indications": tuple(Choice(id=name, label=label) for name, label in indications.items()),
    }
    return {name: _with_choices(question, choices) for name, question in catalogue.questions.items()}


def _with_choices(question: Question, choices: Mapping[str, tuple[Choice, ...]]) -> Question:
    columns = tuple(
        replace(c, choices=choices[c.choices_from]) if c.choices_from in choices else c for c in question.columns
    )
    own = choices.get(question.choices_from, question.choices)
    return replace(question, choices=own, columns=columns)


def _labels(questions: Iterable[Question]) -> dict[str, str]:
    """Name choices by id; an id that stands for different things has no name."""
    found: dict[str, str] = {}
    for question in questions:
        for choice in (*question.choices, *(c for column in question.columns for c in column.choices)):
            found[choice.id] = choice.label if found.get(choice.id, choice.label) == choice.label else ""
    return found
