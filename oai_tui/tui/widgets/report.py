"""What the middle of the walk says: the verdict, the exchange behind it, the fixes, the changes. Pure functions from the engine's values to Content."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from oai_tui.domain.cause import Cause, Fix
from oai_tui.domain.diagnosis import StepRecord, Verdict
from oai_tui.domain.observation import Observation
from oai_tui.domain.tree import Step
from oai_tui.tui.sitting import Made
from oai_tui.tui.words import MARKS, PLACES, STYLES, SURENESS, WHO, milliseconds, outcome, seconds, short_request_id, shown, timing

_LABEL = 11


def row(label: str, *parts: str | tuple[str, str] | Content) -> Content:
    """One labelled line; the text after the label hangs when it wraps in a widget that is laid out by `rows`."""
    return Content.assemble((f"{label:<{_LABEL}}", "$text-muted"), *parts)


def lines(*parts: Content | None) -> Content:
    """The parts that are there, one a line."""
    return Content("\n").join([part for part in parts if part is not None])


def asking(step: Step | None, experiment_of: str = "") -> Content:
    """What is being done now, and why."""
    if step is None:
        return Content.styled("Beginning …", "$text-muted")
    mark = "⟳" if step.experiment else MARKS["running"]
    return Content.assemble((f"{mark} {shown(step.title)}", "bold $accent"), "\n", (shown(step.why), "$text-muted"))


def verdict(found: Verdict) -> Content:
    """The cause in one sentence, what it means, and how sure it is."""
    state = {"working": "passed", "problem": "failed"}.get(found.outcome, "warning")
    style = {"passed": "$success", "failed": "$error"}.get(state, "$warning")
    mark = {"passed": "✓", "failed": "✗"}.get(state, "!")
    title = found.title or {"working": "It works", "aborted": "Stopped before there was an answer"}.get(found.outcome, "The cause is not clear yet")
    parts = [Content.styled(f"{mark} {shown(title)}", f"bold {style}")]
    if found.explanation:
        parts.append(Content(shown(found.explanation)))
    if found.outcome in {"problem", "undecided"}:
        parts.append(Content.styled(SURENESS[found.confidence], "$text-muted"))
    if found.retry.helps and found.retry.after_s:
        parts.append(Content.styled(f"The answer asks to wait {seconds(found.retry.after_s)}; the same request can succeed after that.", "$warning"))
    parts += [Content.styled(f"! {shown(warning)}", "$warning") for warning in found.warnings]
    return Content("\n").join(parts)


def exchange(seen: Observation | None, experiments: Sequence[StepRecord] = ()) -> Content:
    """What was sent and what came back, with timings and ids; then what the experiments answered."""
    if seen is None:
        return Content("")
    request, out = seen.request, []
    if request is not None:
        out.append(row("Sent", (request.method, "bold"), f" {shown(request.url)}"))
        names = [name for name in request.headers if name.lower() not in {"accept", "accept-encoding", "user-agent", "host", "connection", "content-type", "content-length"}]
        if request.key_sent and not any(name.lower() == "authorization" for name in names):
            names.insert(0, "Authorization")
        key = "with the key" if request.key_sent else "without the key"
        out.append(row("", (f"{key} · {', '.join(shown(name) for name in names)}" if names else key, "$text-muted")))
    said = outcome(seen)
    if said:
        good = seen.status is not None and seen.status < 400 or seen.answer is not None
        out.append(row("Came back", (said, "bold $success" if good else "bold $error")))
    message = seen.error.message if seen.error is not None and seen.error.message else seen.detail
    if message:
        out.append(row("", (f"“{shown(message)}”", "")))
    took, ids = timing(seen.timings), short_request_id(seen.request_id)
    if took or ids:
        out.append(row("", (" · ".join(part for part in (took, ids) if part), "$text-muted")))
    for record in experiments:
        answer = outcome(record.observation)
        out.append(row("Then", ("⟳ ", STYLES[record.mark]), f"{shown(record.title)}: ", (f"{answer} {MARKS[record.mark]}", f"bold {STYLES[record.mark]}")))
    return Content("\n").join(out)


def fixes(found: Sequence[Fix]) -> Content:
    """What to do, in order of preference, who can do it, and the exact command or page."""
    out = []
    for number, fix in enumerate(found, start=1):
        out.append(Content.assemble((f"{number}  ", "$accent"), shown(fix.text), (f"   {WHO[fix.who]}" if fix.who != "you" else "", "italic $text-muted")))
        if fix.command:
            out.append(Content.assemble("   ", (f" {shown(fix.command)} ", "$text on $panel")))
        if fix.url:
            out.append(Content.assemble("   ", (shown(fix.url), "underline $text-muted")))
    return Content("\n").join(out)


def changes(made: Sequence[Made], notice: str = "") -> Content:
    """What was changed for this run, and the lines that make it permanent."""
    out = [Content.styled(f"• {shown(notice)}", "$text-muted")] if notice else []
    for each in made:
        out.append(Content.assemble(("✓ ", "$success"), (shown(each.text), ""), ("  for this run only" if each.permanent else "", "$text-muted")))
        for number, line in enumerate(each.permanent):
            where = PLACES.get(line.where, line.where)
            lead = "To keep it" if number == 0 else ""
            out.append(Content.assemble("  ", (f"{lead:<11}", "$text-muted"), (f" {shown(line.text)} ", "$text on $panel"), (f"  {where}", "$text-muted")))
    return Content("\n").join(out)


def considered(found: Verdict, catalogue: Mapping[str, Cause]) -> Content:
    """The cause held, and every other that the same answer could have had."""
    out = [Content.styled("Causes considered", "bold $accent"), Content("")]
    if found.cause:
        out += [Content.assemble(("● ", "$accent"), (shown(found.title or found.cause), "bold"), (f"   {found.confidence}", "$text-muted")), Content("")]
    for other in found.alternatives:
        named = catalogue.get(other.cause)
        out += [Content.assemble(("○ ", "$text-muted"), (shown(named.title if named else other.cause), "bold")), Content(f"  {shown(other.why)}"), Content("")]
    if not found.alternatives:
        out.append(Content.styled("No other cause fits what was seen." if found.cause else "Nothing is held against anything.", "$text-muted"))
    return Content("\n").join(out)


def evidence(records: Sequence[StepRecord], body_lines: int = 12) -> Content:
    """The whole trail: each step with its request, its answer, headers and an excerpt of the body."""
    out = [Content.styled("Evidence", "bold $accent"), Content("")]
    for record in records:
        seen = record.observation
        mark = "⟳" if record.experiment else MARKS[record.mark]
        out.append(Content.assemble((f"{mark} ", STYLES[record.mark]), (shown(record.title), "bold"), (f"   {shown(record.branch)}", "$text-muted")))
        if seen.request is not None:
            out.append(Content(f"  > {seen.request.method} {shown(seen.request.url)}"))
            out += [Content.styled(f"  > {shown(name)}: {shown(value)}", "$text-muted") for name, value in seen.request.headers.items()]
            if seen.request.client_request_id:
                out.append(Content.styled(f"  client request id {shown(seen.request.client_request_id)}", "$text-muted"))
        if outcome(seen):
            out.append(Content.assemble("  < ", (outcome(seen), STYLES[record.mark]), (f"   {timing(seen.timings)}", "$text-muted")))
        out += [Content.styled(f"  < {shown(name)}: {shown(value)}", "$text-muted") for name, value in seen.headers.items()]
        excerpt = shown(seen.body).splitlines()
        out += [Content(f"    {line}") for line in excerpt[:body_lines]]
        if len(excerpt) > body_lines:
            out.append(Content.styled(f"    … {len(excerpt) - body_lines} more lines", "$text-muted"))
        if seen.detail:
            out.append(Content(f"    {shown(seen.detail)}"))
        out.append(Content(""))
    return Content("\n").join(out)


def elapsed(total: float | None) -> str:
    """How long a run took, for the end of a line."""
    return f" · {milliseconds(total)}" if total else ""
