"""Probes: the list of models that a key can use, and the model for the smallest billed request."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from oai_tui.domain.observation import Fact, Observation
from oai_tui.domain.ports import Call
from oai_tui.domain.suggestions import similar_names
from oai_tui.probes.http_client import ApiRequest, HttpClient
from oai_tui.probes.model_list import ListedModel, ModelListHolder, parse_model
from oai_tui.probes.other_keys import candidate_keys

_ID = re.compile(r"[\w.-]{1,80}")
"""The id of a project, or the short name of an organization: it may be put into a command."""
_NO_LIST = (404, 405, 500, 501)
"""Statuses of a server that has no list of models, or fails at it: some carry out calls all the
same."""
_NEVER = "9999"
"""A shutdown date after every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTable:
    """Facts about models that are known without asking the API.

    `preferred`: models for the smallest billed request, the cheapest first. `cheap`, `not_text`:
    parts of names of cheap models, and of models that do not answer text. `shutdown`: model to
    day (YYYY-MM-DD, UTC).
    """

    preferred: tuple[str, ...]
    cheap: tuple[str, ...]
    not_text: tuple[str, ...]
    shutdown: dict[str, str]


@dataclass(frozen=True, slots=True)
class ListProbe:
    """GET /v1/models with the key.

    Facts: models_listed; own_organization and own_project in the call without such a header;
    other_keys if the key was rejected; list_missing if a server that is not
    OpenAI's has no such route, fails at it, or answers it with JSON that is no list.
    """

    http: HttpClient
    models: ModelListHolder

    async def __call__(self, call: Call) -> Observation:
        self.models.listed = None
        reply = await self.http.ask(call, ApiRequest(probe="models", path="/models", key=True))
        seen = reply.observation
        if seen.status == 401 and (others := len(candidate_keys(call))):
            return seen.with_facts(other_keys=others)
        if seen.status in _NO_LIST and seen.facts.get("own_terms"):
            return seen.with_facts(list_missing=True)
        entries = reply.value.get("data") if isinstance(reply.value, dict) else reply.value
        if seen.status != 200 or not isinstance(entries, list):
            is_foreign = seen.status == 200 and seen.facts.get("own_terms")
            if is_foreign and seen.facts.get("body_kind") == "json" and not _is_list(reply.value):
                return seen.with_facts(list_missing=True)
            return seen
        models = (parse_model(entry) for entry in entries)
        # a gateway lists a model once for each server behind it
        self.models.listed = tuple({model.id: model for model in models if model}.values())
        facts: dict[str, Fact] = {
            "models_listed": len(self.models.listed),
            **_own_account(call, seen),
        }
        return seen.with_facts(**facts)


def _own_account(call: Call, seen: Observation) -> dict[str, Fact]:
    """What the call counts for, if it left out a header that an earlier call of the run had.

    A header that is no ID says nothing. Facts: own_organization, own_project.
    """
    pairs = (
        ("organization_named", call.target.organization, "organization_seen", "own_organization"),
        ("project_named", call.target.project, "project_seen", "own_project"),
    )
    return {
        own: seen.facts[found]
        for named, value, found, own in pairs
        if named in call.facts and value is None and _ID.fullmatch(str(seen.facts.get(found, "")))
    }


def _is_list(value: Any) -> bool:
    """Return True for an object that is a list of models in another form than OpenAI's.

    Ollama writes `"data": null` for none, and some servers name their list "models".
    """
    return isinstance(value, dict) and (
        value.get("object") == "list" or isinstance(value.get("models"), list)
    )


@dataclass(frozen=True, slots=True)
class ModelProbe:
    """Looks the wanted model up, or chooses a model for the billed request if none is wanted.

    The API is asked only for a wanted model that is not in the list, and not if the server has no
    list. `today`: YYYY-MM-DD in UTC.
    """

    http: HttpClient
    models: ModelListHolder
    table: ModelTable
    today: str

    async def __call__(self, call: Call) -> Observation:
        wanted = call.target.model
        if not wanted:
            facts: dict[str, Fact] = {"model_wanted": ""}
            if chosen := choose_model(self.models.listed, self.table, self.today):
                facts["model_for_inference"] = chosen
            return Observation(probe="model", facts=facts)
        if wanted in {model.id for model in self.models.listed or ()}:
            return Observation(probe="model", facts=self._facts(call, wanted, None))
        if call.facts.get("list_missing"):
            facts = {**self._facts(call, wanted, None), "list_missing": True}
            return Observation(probe="model", facts=facts)
        reply = await self.http.ask(
            call, ApiRequest(probe="model", path=f"/models/{quote(wanted, safe='')}", key=True)
        )
        seen = reply.observation
        return replace(seen, facts={**seen.facts, **self._facts(call, wanted, reply.value)})

    def _facts(self, call: Call, wanted: str, value: Any) -> dict[str, Fact]:
        """Facts about the wanted model. `value`: the JSON value of the response, or None.

        Facts: model_wanted, model_for_inference, model_shutdown, model_retired, model_listed,
        model_near, model_that_answers, model_elsewhere.
        """
        facts: dict[str, Fact] = {"model_wanted": wanted, "model_for_inference": wanted}
        model = parse_model(value) or ListedModel(id=wanted)
        if shutdown := model.shutdown or self.table.shutdown.get(wanted, ""):
            facts |= {"model_shutdown": shutdown, "model_retired": shutdown <= self.today}
        if self.models.listed is not None:
            names = [model.id for model in self.models.listed]
            others = [name for name in names if name != wanted]
            chosen = choose_model(self.models.listed, self.table, self.today)
            # the names next to that of a retired model are often retired soon as well
            retired = facts.get("model_retired") is True and chosen
            near = [chosen] if retired else similar_names(wanted, others, limit=1)
            facts["model_listed"] = wanted in names
            if near:
                facts["model_near"] = near[0]
            if chosen and chosen != wanted:
                facts["model_that_answers"] = chosen
        if belongs_elsewhere(wanted, str(call.facts.get("organization_seen", ""))):
            facts["model_elsewhere"] = True
        return facts


def belongs_elsewhere(model: str, organization: str) -> bool:
    """Return True if a fine-tuned model is named after another organization.

    Its name is ft:BASE:ORGANIZATION:SUFFIX:ID. `organization`: the name in the headers of
    responses; that of a personal one begins with `user-` there and is "personal" in the model's
    name.
    """
    owner = model.split(":")[2].lower() if model.startswith("ft:") and model.count(":") >= 3 else ""
    current = organization.lower()
    if not owner or not current:
        return False
    if owner == "personal":
        return not current.startswith("user-")
    return not (owner.startswith(current) or current.startswith(owner))


def choose_model(listed: Sequence[ListedModel] | None, table: ModelTable, today: str) -> str:
    """Return the model for the smallest billed request, or "".

    It is the first preferred model that is listed, else the newest cheap one, else the newest
    that answers text. Models that are shut down do not count. Without a list, or with an
    empty one, it is the first preferred model.
    """
    if not listed:
        alive_names = (name for name in table.preferred if table.shutdown.get(name, _NEVER) > today)
        return next(alive_names, "")
    alive = [
        model
        for model in listed
        if (model.shutdown or table.shutdown.get(model.id, _NEVER)) > today
        and not any(word in model.id.lower() for word in table.not_text)
    ]
    names = {model.id for model in alive}
    if preferred := next((name for name in table.preferred if name in names), ""):
        return preferred
    cheap = [model for model in alive if any(word in model.id.lower() for word in table.cheap)]
    newest = max(cheap or alive, key=lambda model: model.created, default=None)
    return newest.id if newest else ""
