import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from cartaudit.model.profile import Treatment
from cartaudit.pipeline import load_catalogue
from cartaudit.workbook.template_asked import asked_questions, choose_checklists
from cartaudit.workbook.template_plan import TemplatePlan

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _stated(mark: str) -> int:
    found = re.search(f"<!-- {mark} -->(\\d+)<!-- /{mark} -->", README)
    assert found
    return int(found[1])


def test_questions_saved_are_as_the_readme_says() -> None:
    catalogue = load_catalogue()
    every_product = tuple(Treatment(product=p) for p in catalogue.products)
    plan = TemplatePlan(as_of=date(2026, 11, 22), tool_version="-", country="DE", treatments=every_product)
    alone = [
        len(asked_questions(catalogue, replace(plan, checklists=((c.checklist.id, c.edition_name or None),))))
        for c in choose_checklists(catalogue, plan)
    ]
    assert (_stated("asked"), _stated("separate")) == (len(asked_questions(catalogue, plan)), sum(alone))


def test_every_page_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
