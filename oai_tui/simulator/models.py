"""The models of the simulated world, as of 2026-11-23.

Names: API changelog and model pages, 2026-09. Shutdown days: types of openai-python 3.54.0
(`shared/chat_model.py`).
"""

from datetime import UTC, date, datetime

from oai_tui.simulator.world import Model


def _model(
    name: str,
    day: str,
    *,
    shutdown: str = "",
    reasoning: bool = True,
    text: bool = True,
    verified: bool = False,
    owner: str = "system",
) -> Model:
    """Return one row: the id, the day of release, and what is special about the model."""
    created = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
    end = date.fromisoformat(shutdown) if shutdown else None
    return Model(
        id=name,
        created=created,
        owned_by=owner,
        shutdown=end,
        is_reasoning=reasoning,
        is_text=text,
        needs_verification=verified,
    )


MODELS: tuple[Model, ...] = (
    _model("gpt-6-astra", "2026-09-03", verified=True),
    _model("gpt-6-luna", "2026-09-22"),
    _model("gpt-5.6-luna", "2026-06-18"),
    _model("gpt-5.4-mini", "2026-03-12"),
    _model("gpt-5.4-nano", "2026-03-12", shutdown="2027-04-01"),
    _model("gpt-5", "2025-08-05", shutdown="2026-12-11"),
    _model("gpt-5-mini", "2025-08-05", shutdown="2026-12-11"),
    _model("gpt-5-nano", "2025-08-05", shutdown="2026-12-11"),
    _model("o3", "2025-04-09", shutdown="2026-12-11"),
    _model("gpt-4.1", "2025-04-10", shutdown="2027-01-14", reasoning=False),
    _model("gpt-4.1-mini", "2025-04-10", shutdown="2027-01-14", reasoning=False),
    _model("gpt-4o", "2024-05-10", shutdown="2027-01-14", reasoning=False),
    _model("gpt-4o-mini", "2024-07-16", shutdown="2027-01-14", reasoning=False),
    _model("omni-moderation-latest", "2024-11-15", reasoning=False, text=False),
    _model("text-embedding-3-small", "2024-01-22", reasoning=False, text=False),
    _model("text-embedding-3-large", "2024-01-22", reasoning=False, text=False),
    _model("gpt-3.5-turbo", "2023-02-28", shutdown="2026-10-23", reasoning=False, owner="openai"),
    _model("gpt-4", "2023-06-27", shutdown="2026-10-23", reasoning=False, owner="openai"),
    _model("gpt-4-turbo", "2024-04-05", shutdown="2026-10-23", reasoning=False),
    _model("gpt-4.1-nano", "2025-04-10", shutdown="2026-10-23", reasoning=False),
    _model("o1", "2024-12-16", shutdown="2026-10-23"),
    _model("o3-mini", "2025-01-17", shutdown="2026-10-23"),
    _model("o4-mini", "2025-04-08", shutdown="2026-10-23"),
)
