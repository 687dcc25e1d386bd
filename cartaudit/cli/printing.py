"""What a terminal shows of an audit; text from a workbook is printed as text, never as markup."""

import textwrap
from collections import defaultdict
from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cartaudit.errors import UnknownChecklistError
from cartaudit.model.audit import Audit, ChecklistAudit, Compliance, Gap, Readiness
from cartaudit.model.checklists import Catalogue
from cartaudit.model.problems import Problem, ProblemSeverity
from cartaudit.model.submission import Rejected
from cartaudit.model.text import visible
from cartaudit.pipeline import AuditOptions

GAPS_SHOWN = 12
PLACES_SHOWN = 6

_STYLES = {
    Readiness.READY: "bold green",
    Readiness.CONDITIONAL: "bold yellow",
    Readiness.INCOMPLETE: "bold red",
    Readiness.NOT_READY: "bold red",
    Readiness.OUT_OF_SCOPE: "dim",
}

_ASSURANCE = {
    "self_assessed": "self-assessed, not verified",
    "partly_verified": "partly verified",
    "verified": "verified",
}


def print_rejected(rejected: Rejected) -> None:
    """Say why a file could not be audited."""
    click.echo(f"{visible(rejected.file)} could not be audited.")
    _print_problems(rejected.problems)


def print_audit(audit: Audit, options: AuditOptions, *, quiet: bool) -> None:
    """Print verdicts, conditions, gaps and problems; with `quiet` one line per checklist, and the problems."""
    if quiet:
        for checklist in audit.checklists:
            click.echo(f"{checklist.checklist.id}: {verdict(checklist, audit)}")
        _print_unheard(audit)
        _print_problems(audit.submission.problems)
        return
    console = Console(highlight=False, soft_wrap=False)
    _print_head(console, audit, options)
    console.print(_verdict_table(audit))
    _print_unheard(audit)
    for checklist in audit.checklists:
        _print_conditions(console, checklist)
    _print_gaps(console, audit)
    _print_problems(audit.submission.problems)


def verdict(checklist: ChecklistAudit, audit: Audit) -> str:
    """Give the verdict in words, with how far it can be trusted."""
    words = checklist.readiness.value.replace("_", " ")
    if checklist.readiness is Readiness.OUT_OF_SCOPE:
        return words
    both = " and INCOMPLETE" if checklist.also_incomplete else ""
    plain = checklist.without_overlays
    lifted = f"; without overlays {plain.value.replace('_', ' ')}" if plain is not None else ""
    return f"{words}{both} ({_ASSURANCE[audit.assurance.value]}{lifted})"


def _print_head(console: Console, audit: Audit, options: AuditOptions) -> None:
    profile = audit.submission.profile
    name = visible(profile.name) or "Centre without a name"
    place = ", ".join(filter(None, (profile.country, profile.jurisdiction or "")))
    console.print(Text(f"{name} ({place or 'country not stated'})", style="bold"))
    today = "today" if options.as_of_is_today else "NOT today"
    console.print(f"Audit date {options.as_of.isoformat()} ({today}). Nothing here is an accreditation decision.")
    if not audit.checklists:
        console.print("No checklist applies: the profile names neither an accreditor, a product nor a commissioner.")


def _verdict_table(audit: Audit) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Checklist", "Edition", "Verdict"):
        table.add_column(heading, overflow="fold")
    for heading in ("Score", "Open", "Unknown", "Met"):
        table.add_column(heading, justify="right")
    for item in audit.checklists:
        style = _STYLES[item.readiness]
        table.add_row(
            item.checklist.id,
            item.edition.edition if item.edition else "-",
            Text(verdict(item, audit), style=style),
            _score(item),
            str(item.counts.get(Compliance.NON_COMPLIANT, 0) + item.counts.get(Compliance.PARTIAL, 0)),
            str(item.counts.get(Compliance.NOT_ASSESSED, 0)),
            str(item.counts.get(Compliance.COMPLIANT, 0)),
        )
    return table


def _score(item: ChecklistAudit) -> str:
    low, high = item.score.low, item.score.high
    if low is None or high is None:
        return "-"
    return f"{low:.1f}" if low == high else f"{low:.1f} to {high:.1f}"


def _print_conditions(console: Console, item: ChecklistAudit) -> None:
    from cartaudit.report.words import then_and_now

    then = then_and_now(item)
    if then or (item.conditions and item.readiness is not Readiness.READY):
        console.print(Text(f"\n{item.checklist.title}", style="bold"))
        for condition in (*item.conditions, *([then] if then else [])):
            _print_indented(console, "  - ", visible(condition))


def _print_unheard(audit: Audit) -> None:
    from cartaudit.report.words import unheard

    for item in audit.unheard:
        click.echo(visible(unheard(item)))


def _print_gaps(console: Console, audit: Audit) -> None:
    by_requirement: dict[str, list[tuple[str, Gap]]] = defaultdict(list)
    for item in audit.checklists:
        for gap in item.gaps:
            by_requirement[gap.result.requirement.id].append((item.checklist.id, gap))
    ranked = sorted(by_requirement.values(), key=lambda group: _rank(group[0][1]))
    if ranked:
        console.print(Text(f"\nGaps ({len(ranked)})", style="bold"))
    for group in ranked[:GAPS_SHOWN]:
        gap = group[0][1]
        requirement = gap.result.requirement
        gate = ", gate" if requirement.gate else ""
        bodies = ", ".join(dict.fromkeys(name for name, _ in group))
        heading = f"{requirement.id} {requirement.title} ({requirement.severity.value}{gate}; {bodies})"
        _print_indented(console, "  ", heading)
        _print_indented(console, "    ", visible(gap.result.message))
        _print_indented(console, "    ", requirement.remediation, "dim")
    if len(ranked) > GAPS_SHOWN:
        console.print(f"  ... and {len(ranked) - GAPS_SHOWN} more: `cartaudit report` lists them all.")


def _print_indented(console: Console, lead: str, text: str, style: str = "") -> None:
    """Keep every line of a text that wraps at the margin of its first word; `lead` stands before it."""
    wrapped = textwrap.fill(text, console.width, initial_indent=lead, subsequent_indent=" " * len(lead))
    console.print(Text(wrapped, style=style))


def _rank(gap: Gap) -> tuple[bool, int, str]:
    requirement = gap.result.requirement
    return (not requirement.gate, requirement.severity.rank, requirement.id)


def _print_problems(problems: Iterable[Problem]) -> None:
    """Print every problem; repeats of one fault share a line, with the first places named and the rest counted."""
    groups: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        groups[(problem.code, problem.message, problem.remedy)].append(problem)
    if groups:
        errors = sum(p.severity is ProblemSeverity.ERROR for group in groups.values() for p in group)
        total = sum(len(group) for group in groups.values())
        click.echo(f"\nWorkbook problems: {total} ({errors} errors, {total - errors} warnings)")
    for (code, message, remedy), group in groups.items():
        places = [p.place for p in group if p.place]
        more = f" and {len(places) - PLACES_SHOWN} more" if len(places) > PLACES_SHOWN else ""
        where = f"{', '.join(places[:PLACES_SHOWN])}{more}: " if places else ""
        click.echo(f"  {where}{visible(message)} {remedy} [{code}]")


def print_explanation(audit: Audit, catalogue: Catalogue, requirement: str) -> None:
    """Print why one requirement came out as it did, for each checklist that holds it. Raises UnknownChecklistError."""
    from cartaudit.assess.explain import explain

    found = [(c, r) for c in audit.checklists for r in c.results if r.requirement.id == requirement]
    if not found:
        known = {r.id for c in catalogue.checklists.values() for r in c.requirements}
        reason = "is in no checklist of this audit" if requirement in known else "is not in the catalogue"
        raise UnknownChecklistError(f"{requirement} {reason}. `cartaudit checklists show` lists the requirements.")
    for number, (item, result) in enumerate(found):
        if number:
            click.echo()
        for line in explain(result, item, audit.submission):
            click.echo(visible(line))
