"""A verdict's advice as plain text for the clipboard: the cause, what it means, and what to do. No evidence and no key."""

from oai_tui.domain.diagnosis import Verdict
from oai_tui.tui.formatting import SURENESS, WHO, display_safe


def advice_of(found: Verdict) -> str:
    """The advice, one piece a paragraph."""
    out = [f"{found.title} ({found.cause})" if found.cause else found.title, found.explanation]
    if found.outcome == "problem" and found.confidence != "certain":
        out.append(SURENESS[found.confidence])
    for number, fix in enumerate(found.fixes, 1):
        out.append(f"{number}. {fix.text}{f' ({WHO[fix.who]})' if fix.who != 'you' else ''}")
        out += [f"   {part}" for part in (fix.command, fix.url) if part]
    out += [f"Or {other.cause}: {other.why}" for other in found.alternatives]
    return "\n".join(display_safe(part) for part in out if part)
