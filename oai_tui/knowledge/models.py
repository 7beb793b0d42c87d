"""The models to try for the smallest billed request, and the models that have been shut down.

As of 2026-11-23.

What a key can use always comes from GET /v1/models; these tables only order the choice and name
what is gone. Sources: OpenAI's changelog and model pages (2026-09); shutdown dates from the types
of openai-python 3.54.0 (`shared/chat_model.py`).
"""

PREFERRED: tuple[str, ...] = (
    "gpt-6-luna",
    "gpt-5.6-luna",
    "gpt-5.4-nano",
    "gpt-5.4-mini",
    "gpt-4o-mini",
)
"""Models for the billed request, cheapest first."""

CHEAP_WORDS: tuple[str, ...] = ("luna", "nano", "mini")
"""If none of PREFERRED is listed: the newest listed model with one of these words in its name."""

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
"""Models whose names contain one of these do not answer a text request on /v1/responses."""

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
"""Each model with the first day (UTC) on which it no longer answers."""
