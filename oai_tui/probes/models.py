"""Models: the list a key can see, the one that is wanted, and the one to use for the smallest billed request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.suggestions import similar_names
from oai_tui.probes.http_client import ApiRequest, HttpClient
from oai_tui.probes.other_keys import candidate_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTable:
    """What is known beforehand: `preferred` cheapest first; `cheap` and `not_text` words in names; `shutdown` from model to day (YYYY-MM-DD, UTC)."""

    preferred: tuple[str, ...]
    cheap: tuple[str, ...]
    not_text: tuple[str, ...]
    shutdown: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One model of GET /v1/models. `created`: seconds since 1970; `shutdown`: YYYY-MM-DD or ""."""

    id: str
    created: int = 0
    shutdown: str = ""


@dataclass(slots=True)
class ModelListHolder:
    """The list as last seen by the key, shared by the two probes below; None while it is not known."""

    listed: tuple[Listed, ...] | None = None


@dataclass(frozen=True, slots=True)
class ListProbe:
    """GET /v1/models with the key."""

    http: HttpClient
    models: ModelListHolder

    async def __call__(self, call: Call) -> Observation:
        self.models.listed = None  # what another key could list says nothing of this one
        reply = await self.http.ask(call, ApiRequest(probe="models", path="/models", key=True))
        seen = reply.observation
        if seen.status == 401 and (others := len(candidate_keys(call))):
            return seen.with_facts(other_keys=others)
        if (
            seen.status != 200
            or not isinstance(reply.value, dict)
            or not isinstance(reply.value.get("data"), list)
        ):
            return seen
        self.models.listed = tuple(
            model for entry in reply.value["data"] if (model := _listed(entry))
        )
        return replace(seen, facts={**seen.facts, "models_listed": len(self.models.listed)})


@dataclass(frozen=True, slots=True)
class ModelProbe:
    """Looks the wanted model up; without one, chooses a model for the billed request. Asks the API only for a wanted model that the list does not hold."""

    http: HttpClient
    models: ModelListHolder
    table: ModelTable
    today: str

    async def __call__(self, call: Call) -> Observation:
        wanted = call.target.model
        if not wanted:
            chosen = choose_model(self.models.listed, self.table, self.today)
            return Observation(
                probe="model",
                facts={"model_wanted": "", **({"model_for_inference": chosen} if chosen else {})},
            )
        if self.models.listed is not None and wanted in {model.id for model in self.models.listed}:
            return Observation(probe="model", facts=self._facts(call, wanted, None))
        reply = await self.http.ask(
            call, ApiRequest(probe="model", path=f"/models/{quote(wanted, safe='')}", key=True)
        )
        return replace(
            reply.observation,
            facts={**reply.observation.facts, **self._facts(call, wanted, reply.value)},
        )

    def _facts(self, call: Call, wanted: str, value: Any) -> dict[str, Fact]:
        facts: dict[str, Fact] = {"model_wanted": wanted, "model_for_inference": wanted}
        shutdown = (_listed(value) or Listed(id=wanted)).shutdown or self.table.shutdown.get(
            wanted, ""
        )
        if shutdown:
            facts |= {"model_shutdown": shutdown, "model_retired": shutdown <= self.today}
        if self.models.listed is not None:
            names = [model.id for model in self.models.listed]
            facts["model_listed"] = wanted in names
            others = [name for name in names if name != wanted]
            near = similar_names(wanted, others, limit=1, cutoff=0.5)
            chosen = choose_model(self.models.listed, self.table, self.today)
            if near or chosen:
                facts["model_near"] = near[0] if near else chosen
            if chosen and chosen != wanted:
                facts["model_that_answers"] = chosen
        return facts | (
            {"model_elsewhere": True}
            if is_elsewhere(wanted, str(call.facts.get("organization_seen", "")))
            else {}
        )


def is_elsewhere(model: str, organization: str) -> bool:
    """Whether a fine-tuned model's name (ft:BASE:ORGANIZATION:SUFFIX:ID) tells of another organization than `organization`, the name in the answers' headers; a personal one is called `user-…` there."""
    owner = model.split(":")[2].lower() if model.startswith("ft:") and model.count(":") >= 3 else ""
    seen = organization.lower()
    if not owner or not seen:
        return False
    return not (
        seen.startswith("user-")
        if owner == "personal"
        else owner.startswith(seen) or seen.startswith(owner)
    )


def choose_model(listed: Sequence[Listed] | None, table: ModelTable, today: str) -> str:
    """The model for the smallest billed request: the first preferred one that is listed and alive, else the newest cheap one, else the newest that answers text, else "". Without a list, the first preferred one that is alive."""
    if listed is None:
        return next(
            (name for name in table.preferred if table.shutdown.get(name, "9999") > today), ""
        )
    alive = [
        m
        for m in listed
        if (m.shutdown or table.shutdown.get(m.id, "9999")) > today
        and not any(word in m.id.lower() for word in table.not_text)
    ]
    names = {model.id for model in alive}
    if preferred := next((name for name in table.preferred if name in names), ""):
        return preferred
    cheap = [model for model in alive if any(word in model.id.lower() for word in table.cheap)]
    return max(cheap or alive, key=lambda model: model.created, default=Listed(id="")).id


def _listed(entry: Any) -> Listed | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        return None
    created, shutdown = entry.get("created"), entry.get("shutdown_date")
    if isinstance(shutdown, (int, float)) and not isinstance(shutdown, bool) and 0 < shutdown < 4e9:
        shutdown = datetime.fromtimestamp(shutdown, UTC).date().isoformat()
    return Listed(
        id=entry["id"][:200],
        created=created if isinstance(created, int) else 0,
        shutdown=shutdown[:10] if isinstance(shutdown, str) else "",
    )
