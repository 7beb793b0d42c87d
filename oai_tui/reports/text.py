"""The report for people: what was done, what came of it, why, and what to do first. Fits any width from 20 columns; colours only mark what words already say."""

import textwrap
from collections.abc import Iterator, Mapping

from oai_tui.domain.cause import Confidence, Family, Fix, Who
from oai_tui.domain.diagnosis import CredentialSummary, Diagnosis, Outcome, Retry, StepRecord
from oai_tui.domain.observation import Fact, FailureKind
from oai_tui.domain.target import Origin, OriginKind
from oai_tui.domain.tree import Mark
from oai_tui.reports.report import Report
from oai_tui.reports.style import Paint, Style
from oai_tui.reports.waterfall import CELLS, bars, way_of

MARKS: Mapping[Mark, tuple[str, Paint]] = {"passed": ("✓", "good"), "failed": ("✗", "bad"), "warning": ("!", "care"), "skipped": ("·", "quiet")}
OUTCOMES: Mapping[Outcome, tuple[str, Paint]] = {"working": ("✓", "good"), "problem": ("✗", "bad"), "undecided": ("!", "care"), "aborted": ("!", "care")}
SURE: Mapping[Confidence, str] = {
    "certain": "certain: an experiment or the API’s own code settled it",
    "likely": "likely: it fits best, though nothing has settled it",
    "possible": "possible: the answer does not settle it",
}
WHO: Mapping[Who, str] = {"you": "you can do this", "owner": "an owner of the organization or project can do this", "it": "the people who run your network can do this", "openai": "only OpenAI can do this"}
FAMILIES: Mapping[Family, str] = {
    "key": "key", "organization-and-project": "organization and project", "permission": "permission", "billing": "billing", "rate-limits": "rate limits",
    "service": "service", "something-else-answered": "something else answered", "network": "network", "this-machine": "this machine",
}
ORIGINS: Mapping[OriginKind, str] = {
    "environment": "from the environment, {name}", "dotenv": "from {place}", "keyring": "from the keyring, profile {name}", "flag": "from the flag {name}", "typed": "typed in",
    "stdin": "from standard input", "command": "from the command given", "demo": "from the demo", "default": "by default", "startup": "from {place}", "program": "from {place}",
}
FAILURES: Mapping[FailureKind, str] = {
    "dns": "the name was not found", "refused": "the connection was refused", "unreachable": "no route to the host", "connect-timeout": "no connection in time", "read-timeout": "no answer in time",
    "reset": "the connection was cut", "malformed-answer": "an answer that is no HTTP", "tls-untrusted": "the certificate is not trusted", "tls-invalid": "the certificate is not valid",
    "tls-protocol": "no TLS was spoken", "proxy-unreachable": "the proxy was not reached", "proxy-auth": "the proxy wants a login", "proxy-refused": "the proxy refused", "proxy-settings": "the proxy settings cannot work",
    "ca-bundle": "the certificate file cannot be used", "url": "the address cannot be used", "unsendable": "not sent: no client can send these characters", "crashed": "our own fault",
}
UNTESTED: Mapping[str, str] = {"billing": "billing: it shows in a billed request only; --inference permits the smallest one (about $0.00001)"}
_STACKED = 56
"""Below this width a step's result goes under its title instead of beside it."""


def render(report: Report) -> str:
    """The page, ending in a newline."""
    return "\n".join(_lines(report)) + "\n"


def origin_words(origin: Origin) -> str:
    """Where a value came from, as people say it."""
    said = ORIGINS[origin.kind].format(name=origin.name or "unnamed", place=origin.place or origin.name or "a file")
    return f"{said}, set in {origin.set_at}" if origin.set_at else said


def _lines(report: Report) -> Iterator[str]:
    found, style = report.diagnosis, report.style
    yield from _wrapped(_subject(found), style)
    yield ""
    yield from _steps(found.trail, style)
    yield ""
    yield from _verdict(found, style)
    for title, lines in _sections(found, style):
        body = list(lines)
        if body:
            yield ""
            yield style.paint("strong", title)
            yield from body
    yield ""
    yield from _wrapped(_closing(report), style, paint="quiet")


def _subject(found: Diagnosis) -> str:
    key = "no key" if found.credential is None else f"the {_key_words(found.credential)}"
    asked = [f"organization {found.target.organization}"] if found.target.organization else []
    asked += [f"project {found.target.project}"] if found.target.project else []
    asked += [f"model {found.target.model}"] if found.target.model else []
    return " · ".join([f"Checked {found.target.base_url or 'an empty base URL'} with {key}", *asked])


def _key_words(key: CredentialSummary) -> str:
    return f"{key.kind_label or 'key'} {key.hint} {origin_words(key.origin)}"


def _steps(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    longest = max((len(record.title) + (6 if record.experiment else 2) for record in trail), default=0)
    column = min(longest + 2, 52)
    for record in trail:
        mark, paint = MARKS[record.mark]
        lead = f"  ⟳ {mark} " if record.experiment else f"{mark} "
        shown = lead.replace(mark, style.paint(paint, mark))
        result = _result(record)
        if style.width < _STACKED or len(lead + record.title) > column - 2:
            yield from _wrapped(record.title, style, first=lead, shown=shown, rest=" " * len(lead))
            yield from _wrapped(result, style, first=" " * len(lead), paint="quiet")
        else:
            yield from _wrapped(result, style, first=f"{lead}{record.title}".ljust(column), shown=f"{shown}{record.title}" + " " * (column - len(lead + record.title)))


def _result(record: StepRecord) -> str:
    """What came back, in the answer's own terms."""
    seen = record.observation
    if record.mark == "skipped":
        said = "skipped"
    elif seen.status is not None:
        error = seen.error
        code = "" if error is None else error.code or ("" if record.mark == "passed" else error.type)
        said = " ".join(part for part in (str(seen.status), code) if part)
    elif seen.failure is not None:
        said = FAILURES[seen.failure]
    elif seen.answer is not None:
        said = f"answered {seen.answer}"
    else:
        said = record.branch
    if wanted := seen.facts.get("model_wanted"):
        said = f"{wanted}: {said}"
    spent = seen.timings.total_ms
    return said if spent is None else f"{said} · {spent:.0f} ms"


def _verdict(found: Diagnosis, style: Style) -> Iterator[str]:
    verdict = found.verdict
    mark, paint = OUTCOMES[verdict.outcome]
    yield from _wrapped(verdict.title or "The check ended without a verdict", style, first=f"{mark} ", paint=paint)
    if verdict.explanation:
        yield from _wrapped(verdict.explanation, style, first="  ")
    if verdict.cause is not None:
        yield from _wrapped(" · ".join([verdict.cause, *([FAMILIES[verdict.family]] if verdict.family else []), SURE[verdict.confidence]]), style, first="  ", paint="quiet")


def _sections(found: Diagnosis, style: Style) -> Iterator[tuple[str, Iterator[str]]]:
    verdict = found.verdict
    yield "Do this first", _fixes(verdict.fixes[:1], style)
    yield "Or", _fixes(verdict.fixes[1:], style)
    yield "Trying again", _retry(verdict.retry, style, failed=verdict.outcome == "problem")
    yield "It could also be", _listed((f"{other.cause}: {other.why}" for other in verdict.alternatives), style)
    yield "The key’s text", _listed(found.credential.defects if found.credential else (), style)
    yield "Worth knowing", _listed(verdict.warnings, style, mark="!")
    yield "The way", _way(found.trail, style)
    yield "Limits", _limits(found.facts, style)
    yield "Not tested", _listed((UNTESTED.get(what, what) for what in verdict.untested), style)
    yield "Request ids", _request_ids(found.trail, style)


def _way(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    """The waterfall: a bar for each rung where there is room for bars."""
    for bar in bars(way_of(trail)):
        mark, paint = MARKS[bar.mark]
        if style.width < _STACKED:
            first, shown = f"  {mark} ", f"  {style.paint(paint, mark)} "
            said = " ".join(part for part in (bar.title, bar.took, bar.detail) if part)
        else:
            drawn = f"{bar.drawn:<{CELLS}} {bar.took:>8}  " if bar.is_timed else ""
            first, shown = f"  {mark} {bar.title:<9}{drawn}", f"  {style.paint(paint, mark)} {bar.title:<9}{style.paint(paint, drawn)}"
            said = bar.detail
        yield from (line.rstrip() for line in _wrapped(said, style, first=first, shown=shown))


def _fixes(fixes: tuple[Fix, ...], style: Style) -> Iterator[str]:
    for fix in fixes:
        yield from _wrapped(fix.text, style, first="  → ")
        if fix.command:
            # A command or link is never broken: it is there to be copied.
            yield from (f"      {line}" for line in fix.command.splitlines())
        if fix.url:
            yield f"      {fix.url}"
        if fix.apply is not None and not fix.command:
            yield from _wrapped("the wizard (oai-tui) can do this for one run and try again", style, first="      ", paint="quiet")
        if fix.who != "you" or not fix.safe:
            yield from _wrapped("; ".join([WHO[fix.who], *([] if fix.safe else ["hard to undo"])]), style, first="      ", paint="quiet")


def _retry(retry: Retry, style: Style, *, failed: bool) -> Iterator[str]:
    if retry.helps and retry.after_s is not None:
        yield from _wrapped(f"The same request can work after {retry.after_s:g} s.", style, first="  ")
    elif retry.helps:
        yield from _wrapped("The same request can work later, unchanged.", style, first="  ")
    elif failed:
        yield from _wrapped("The same request fails until something is changed.", style, first="  ")


def _listed(items: "Iterator[str] | tuple[str, ...]", style: Style, mark: str = "·") -> Iterator[str]:
    for item in items:
        yield from _wrapped(item, style, first=f"  {mark} ")


def _limits(facts: Mapping[str, Fact], style: Style) -> Iterator[str]:
    for what in ("requests", "tokens"):
        if f"limit_{what}" in facts:
            reset = f", full again in {facts[f'reset_{what}_s']} s" if f"reset_{what}_s" in facts else ""
            yield from _wrapped(f"{what}: {facts.get(f'remaining_{what}', '?')} of {facts[f'limit_{what}']} left{reset}", style, first="  · ")


def _request_ids(trail: tuple[StepRecord, ...], style: Style) -> Iterator[str]:
    for record in trail:
        if record.observation.request_id:
            yield from _wrapped(f"{record.observation.request_id} ({record.title})", style, first="  · ", paint="quiet")


def _closing(report: Report) -> str:
    found = report.diagnosis
    return f"oai-tui {found.version} · {found.started_at:%Y-%m-%d %H:%M:%S} UTC · {found.elapsed_ms / 1000:.1f} s · exit code {report.exit_code}"


def _wrapped(text: str, style: Style, *, first: str = "", shown: str = "", rest: str = "", paint: Paint | None = None) -> Iterator[str]:
    """`text` in lines of the style's width. `first` leads the first line (`shown` is the same lead with its colours), blanks of its length the others."""
    indent = rest or " " * len(first)
    lines = textwrap.wrap(text, max(style.width - len(first), 8), break_long_words=True, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        lead = (shown or first) if number == 0 else indent
        if paint is not None and number == 0 and not shown and lead.strip():
            yield style.paint(paint, lead + line)
        else:
            yield lead + (style.paint(paint, line) if paint else line)
