"""The lines of OPENAI_CUSTOM_HEADERS: "Name: value", one header a line.

Both SDKs split the variable at line feeds and each line at its first colon, and strip both parts
(openai-python 2.34.0, openai-node 7.5.0). They do not check the name; the HTTP library does, and
the call fails before it is sent.
"""

import re

from oai_tui.domain.keys.redaction import visible

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, 5.6.2)."""
_MAX_SHOWN = 40
_MAX_FAULTS = 3


def headers_of(text: str) -> dict[str, str]:
    """Return the headers in the variable's value: name in lower case to value.

    A later line overrides an earlier one. Lines without a colon are ignored, as in the SDKs; so
    are lines whose name no header can have, which `faults_of` names.
    """
    found = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and _NAME.fullmatch(name.strip()):
            found[name.strip().lower()] = value.strip()
    return found


def faults_of(text: str) -> tuple[str, ...]:
    """Return what is wrong with each line that no SDK can send, the first few: "line 2 has …".

    The value of a line can be a secret and is not shown.
    """
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        name, colon, _ = line.partition(":")
        name = name.strip()
        if not colon or _NAME.fullmatch(name):
            continue
        if not name:
            faults.append(f"line {number} has no header name before the colon")
        else:
            shown = visible(name[:_MAX_SHOWN])
            faults.append(f"line {number} has the name “{shown}”, which no header can have")
    return tuple(faults[:_MAX_FAULTS])
