"""Which models to try for the smallest billed request, and which have been shut down; as of 2026-11-23.

Sources: OpenAI's changelog and model pages (2026-09), shutdown dates in the types of openai-python 3.54.0 (`shared/chat_model.py`).
The list of what a key can use always comes from GET /v1/models; this table only orders the choice and names what is gone.
"""

PREFERRED: tuple[str, ...] = (
    "gpt-6-luna",
    "gpt-5.6-luna",
    "gpt-5.4-nano",
    "gpt-5.4-mini",
    "gpt-4o-mini",
)
"""Cheapest first."""

CHEAP_WORDS: tuple[str, ...] = ("luna", "nano", "mini")
"""Next choice: the newest listed model whose name holds one of these."""

NOT_TEXT: tuple[str, ...] = (
    "embedding",
    "moderation",
    "tts",
    "whisper",
    "transcribe",
    "audio",
    "realtime",
    "live",
    "image",
    "dall-e",
    "sora",
    "search",
    "computer-use",
    "deep-research",
    "codex",
    "pro",
    "cyber",
    "rosalind",
    "daybreak",
    "instruct",
    "babbage",
    "davinci",
    "ft:",
)
"""A listed model whose name holds one of these does not answer a plain text request on /v1/responses."""

SHUTDOWN: dict[str, str] = {
    "gpt-3.5-turbo": "2026-10-23",
    "gpt-4": "2026-10-23",
    "gpt-4-turbo": "2026-10-23",
    "gpt-4.1-nano": "2026-10-23",
    "o1": "2026-10-23",
    "o3-mini": "2026-10-23",
    "o4-mini": "2026-10-23",
    "gpt-5": "2026-12-11",
    "gpt-5-mini": "2026-12-11",
    "gpt-5-nano": "2026-12-11",
    "o3": "2026-12-11",
    "gpt-4o": "2027-01-14",
    "gpt-4o-mini": "2027-01-14",
    "gpt-4.1": "2027-01-14",
    "gpt-4.1-mini": "2027-01-14",
    "gpt-5.4-nano": "2027-04-01",
}
"""Model to the day (UTC) on which it answers no more."""
