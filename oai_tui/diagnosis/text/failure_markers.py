"""Find the lines of a log that may be about a failure, and the words of a call to the API.

Most lines of a log repeat each other in everything but numbers. So the lines are compared without
their digits, and a kind of line that was searched once is not searched again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress, count

from oai_tui.diagnosis.text.log_lines import LogLines
from oai_tui.diagnosis.text.pattern_rows import any_of
from oai_tui.domain.lazy_pattern import derived_keywords

_MARKERS = (
    b"error",
    b"exception",
    b"fail",
    b"exceed",
    b"incorrect",
    b"invalid",
    b"denied",
    b"refused",
    b"forbidden",
    b"unauthorized",
    b"missing",
    b"not found",
    b"does not ",
    b"overloaded",
    b"timed out",
    b"timeout",
    b"too many requests",
    b"deactivated",
    b"limit reached",
    b"hard limit",
    b"too large",
    b"not supported",
    b"not authorized",
    b"not active",
    b"only accessible",
    b" must ",
    b"gateway",
    b"unavailable",
)
"""Words of failures, in lower case. They are few and short, because every byte is searched for
each of them."""
_API_ROWS = (
    # OpenAI, its SDKs and its hosts
    (r"openai", "openai.APIConnectionError: Connection error."),
    (r"chatgpt\.com", "https://chatgpt.com/backend-api/codex/responses"),
    (r"apiconnectionerror", "APIConnectionError: Connection error."),
    (r"apitimeouterror", "APITimeoutError: Request timed out."),
    (r"connection error\.", "ERROR app: Connection error."),
    (r"apiremovedinv1", "APIRemovedInV1: You tried to access ChatCompletion"),
    (r"error code: [45]", "RateLimitError: Error code: 429 - {"),
    (r"(?:unexpected|last) status:? [45][0-9]{2}", "stream error: unexpected status 503"),
    # libraries
    (r"litellm", "litellm.RateLimitError"),
    (r"api_key client option", "The api_key client option must be set"),
    # key
    (r"incorrect api key", "Incorrect API key provided: sk-proj-…"),
    (r"invalid_api_key", "'code': 'invalid_api_key'"),
    (r"provide an api key", "You didn't provide an API key."),
    (r"missing bearer or basic", "Missing bearer or basic authentication in header"),
    (r"made with a session key", "must be made with a session key"),
    (r"account_deactivated", "'code': 'account_deactivated'"),
    (r"invalid_request_error", "'type': 'invalid_request_error'"),
    # organization, project and permission
    (r"(?:mis)?match(?:ed)?_(?:organization|project)", "'code': 'mismatched_organization'"),
    (r"missing scopes", "Missing scopes: api.model.read"),
    (r"ip_not_authorized", "'code': 'ip_not_authorized'"),
    (r"your ip is not authorized", "Your IP is not authorized"),
    (r"unsupported_country", "'code': 'unsupported_country_region_territory'"),
    (r"country, region, or territory", "Country, region, or territory not supported"),
    (r"geography restrictions", "blocked by geography restrictions"),
    # model
    (r"model_not_found", "'code': 'model_not_found'"),
    (
        r"do(?:es)? not (?:exist or you do not )?have access to (?:it|model)",
        "The model does not exist or you do not have access to it.",
    ),
    (
        r"model [`'\"]{1,2}[\w./:-]{1,60}[`'\"]{1,2} does not exist",
        "The model `gpt-9` does not exist",
    ),
    # billing
    (r"insufficient_quota", "'code': 'insufficient_quota'"),
    (r"current quota", "You exceeded your current quota"),
    (r"billing_(?:hard_limit|not_active)", "'code': 'billing_hard_limit_reached'"),
    (r"billing hard limit", "Billing hard limit has been reached"),
    (r"credit_balance_exhausted", "'code': 'credit_balance_exhausted'"),
    (r"account is not active, please check", "Your account is not active, please check your"),
    (
        r"(?:organization|project)_(?:spend|usage)_limit",
        "'code': 'project_spend_limit_exceeded'",
    ),
    (r"usage_limit_reached", "'type': 'usage_limit_reached'"),
    # rate limits
    (r"rate limit (?:reached|exceeded)", "Rate limit reached for gpt-5"),
    (r"rate_limit_exceeded", "'code': 'rate_limit_exceeded'"),
    (r"request too large for", "Request too large for gpt-5"),
    (r"tokens per min", "on tokens per min (TPM): Limit 30000"),
    (r"enqueued token limit", "Enqueued token limit reached for gpt-5"),
    # service
    (r"server_is_overloaded", "'code': 'server_is_overloaded'"),
    (r"servers are currently overloaded", "Our servers are currently overloaded."),
)
_API_WORDS = re.compile(any_of(_API_ROWS).encode())
"""Words of a call to the API, to be searched in lower-case text."""
_DIGITS = b"0123456789"
_API_KEYWORDS = tuple(
    dict.fromkeys(
        keyword.encode().rstrip(_DIGITS)
        for pattern, _ in _API_ROWS
        for keyword in derived_keywords(pattern)
    )
)
"""Words without which none of the patterns matches; like the markers they have no digits."""
_API_LITERALS = tuple(
    pattern.encode() for pattern, _ in _API_ROWS if re.fullmatch("[a-z_ ,]+", pattern)
)
"""Those patterns that are plain text."""
_MOST_FREQUENT = _API_LITERALS[0]
_MAX_KNOWN = 20_000
"""Kinds of lines that are remembered."""
_MAX_KNOWN_LINE = 1_000
"""Bytes of a line up to which its kind is remembered."""


def names_api(text: bytes) -> bool:
    """Return True if a text has a word of a call to the API."""
    lower_text = text.lower()
    if _MOST_FREQUENT in lower_text:
        return True
    if len(text) <= _MAX_KNOWN_LINE and not _has_keyword(lower_text.translate(None, _DIGITS)):
        return False
    for word in _API_LITERALS:  # a generator in any() is slower
        if word in lower_text:
            return True
    return _API_WORDS.search(lower_text) is not None


def marker_positions(text: bytes) -> list[int]:
    """Return where the markers are in a text, in order.

    One search for each marker is several times faster than one search for all of them.
    """
    lower_text = text.lower()
    positions = []
    for marker in _MARKERS:
        found = lower_text.find(marker)
        while found >= 0:
            positions.append(found)
            found = lower_text.find(marker, found + len(marker))
    return sorted(positions)


def any_marker_position(text: bytes) -> list[int]:
    """Return where one of the markers is in a text; empty if there is none."""
    lower_text = text.lower()
    for marker in _MARKERS:
        found = lower_text.find(marker)
        if found >= 0:
            return [found]
    return []


@lru_cache(maxsize=4_096)
def _has_keyword(text_without_digits: bytes) -> bool:
    return any(word in text_without_digits for word in _API_KEYWORDS)


class MarkedLines:
    """Finds the lines with a marker. What it remembers of a log is bounded."""

    def __init__(self) -> None:
        self._plain: set[bytes] = set()
        self._marked: set[bytes] = set()

    def numbers(self, lines: LogLines) -> Iterator[int]:
        """Yield the number of each line that can have a marker, in order."""
        kinds = lines.text.lower().translate(None, _DIGITS).split(b"\n")
        marked = self._marked_kinds(set(kinds))
        return compress(count(), map(marked.__contains__, kinds))

    def _marked_kinds(self, kinds: set[bytes]) -> set[bytes]:
        """Return those of the lines without digits that have a marker; no marker has a digit."""
        marked = kinds & self._marked
        unknown = kinds - self._plain - marked
        if not unknown:
            return marked
        together = b"\n".join(unknown)
        present = [marker for marker in _MARKERS if marker in together]
        plain = list(unknown)
        for marker in present:  # most lines have one of the first
            plain = [kind for kind in plain if marker not in kind]
        fresh = unknown.difference(plain)
        self._remember(fresh, unknown - fresh)
        return marked | fresh

    def _remember(self, marked: set[bytes], plain: set[bytes]) -> None:
        if len(self._marked) + len(self._plain) > _MAX_KNOWN:
            self._marked.clear()
            self._plain.clear()
        room = _MAX_KNOWN - len(self._marked) - len(self._plain)
        for known, kinds in ((self._marked, marked), (self._plain, plain)):
            short = [kind for kind in kinds if len(kind) <= _MAX_KNOWN_LINE]
            known.update(short[:room])
            room -= min(room, len(short))
