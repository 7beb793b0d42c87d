"""The official SDKs against the simulator's port: models, responses, chat, and the admin lists.

The Python SDK takes objects that lack fields; here each is validated against the SDK's own types.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openai
import pytest
from pydantic import BaseModel

from oai_tui.simulator.fixtures import (
    ADMIN_KEY,
    ARCHIVED_PROJECT,
    GOOD_KEY,
    HEALTHY_WORLD,
    OTHER_PROJECT,
    PROJECT,
    with_organization,
    with_project,
)
from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import Limits

pytestmark = [pytest.mark.sockets, pytest.mark.slow]
NODE_MODULES = Path(sys.prefix) / "node" / "node_modules"
NODE_PROGRAM = """
import OpenAI from "openai";
const client = new OpenAI({ maxRetries: 0 });
const found = {};
found.models = (await client.models.list()).data.map((model) => model.id);
found.model = (await client.models.retrieve("gpt-6-luna")).object;
const asked = { model: "gpt-4o-mini", input: "ping", max_output_tokens: 16, store: false };
const response = await client.responses.create(asked);
found.response = [response.status, response.output_text];
const chat = await client.chat.completions.create({
  model: "gpt-6-luna", messages: [{ role: "user", content: "ping" }],
});
found.chat = chat.choices[0].message.content;
const organization = client.admin.organization;
const idsOf = async (list) => {
  const ids = [];
  for await (const one of list) ids.push(one.id);
  return ids;
};
found.projects = await idsOf(organization.projects.list({ limit: 1, include_archived: true }));
const project = found.projects[0];
found.keys = await idsOf(organization.projects.apiKeys.list(project, { limit: 1 }));
found.limits = (await idsOf(organization.projects.rateLimits.listRateLimits(project, {}))).length;
found.admins = await idsOf(organization.adminAPIKeys.list());
found.users = await idsOf(organization.users.list());
try { await new OpenAI({ maxRetries: 0, apiKey: "sk-proj-wrong" }).models.list(); }
catch (error) { found.error = [error.constructor.name, error.status, error.code]; }
console.log(JSON.stringify(found));
"""


@pytest.fixture
def simulation() -> Iterator[Running]:
    with running("all-good") as simulated:
        yield simulated


@pytest.fixture
def sdk(simulation: Running) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        api_key=GOOD_KEY,
        admin_api_key=ADMIN_KEY,
        base_url=simulation.base_url,
        max_retries=0,
    ) as client:
        yield client


def validate(*objects: BaseModel) -> None:
    """Raise ValidationError for an object that lacks a field, or has a value of another type."""
    for one in objects:
        type(one).model_validate(one.model_dump(by_alias=True, exclude_unset=True))


def test_models(sdk: openai.OpenAI) -> None:
    listed = list(sdk.models.list())
    validate(*listed, sdk.models.retrieve("gpt-6-luna"))
    assert "gpt-6-luna" in {model.id for model in listed}


@pytest.mark.parametrize("model", ["gpt-6-luna", "gpt-4o-mini"])
def test_response(sdk: openai.OpenAI, model: str) -> None:
    validate(sdk.responses.create(model=model, input="ping", max_output_tokens=16))
    validate(sdk.responses.create(model=model, input="ping"))


def test_chat(sdk: openai.OpenAI) -> None:
    answer = sdk.chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": "ping"}]
    )
    validate(answer)
    assert answer.choices[0].message.content == "Pong. The call went through."


def test_lists_of_the_organization(sdk: openai.OpenAI) -> None:
    organization = sdk.admin.organization
    projects = list(organization.projects.list(limit=1, include_archived=True))
    validate(*projects, organization.projects.retrieve(PROJECT.id))
    assert [one.id for one in projects] == [PROJECT.id, OTHER_PROJECT.id, ARCHIVED_PROJECT.id]
    admins, users = list(organization.admin_api_keys.list()), list(organization.users.list())
    validate(*admins, *users)
    assert (len(admins), len(users)) == (1, 1)


def test_lists_of_a_project(sdk: openai.OpenAI) -> None:
    project = sdk.admin.organization.projects
    keys = list(project.api_keys.list(PROJECT.id, limit=1, owner_project_access="any"))
    limits = list(project.rate_limits.list_rate_limits(PROJECT.id))
    accounts = list(project.service_accounts.list(PROJECT.id))
    validate(*keys, *limits, *accounts)
    assert len(keys) == 3
    assert {limit.max_requests_per_1_minute for limit in limits} == {500}


def test_settings_that_are_set(sdk: openai.OpenAI, simulation: Running) -> None:
    organization = sdk.admin.organization
    simulator = simulation.simulator
    simulator.world = with_organization(spend_limit_reached=True)
    validate(organization.spend_limit.retrieve())
    simulator.world = with_project(
        spend_limit_reached=True, allowed_models=frozenset({"gpt-6-luna"})
    )
    projects = organization.projects
    validate(
        projects.spend_limit.retrieve(PROJECT.id),
        projects.model_permissions.retrieve(PROJECT.id),
    )


def test_setting_that_is_not_set(sdk: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        sdk.admin.organization.spend_limit.retrieve()


def test_ordinary_key_may_not_list(simulation: Running) -> None:
    client = openai.OpenAI(
        api_key=GOOD_KEY, admin_api_key=GOOD_KEY, base_url=simulation.base_url, max_retries=0
    )
    with client, pytest.raises(openai.PermissionDeniedError, match=r"api\.management\.read"):
        client.admin.organization.projects.list()


def test_empty_bucket_raises_the_rate_limit_error(sdk: openai.OpenAI, simulation: Running) -> None:
    simulation.simulator.world = replace(HEALTHY_WORLD, limits=Limits(requests=1, requests_used=1))
    with pytest.raises(openai.RateLimitError) as caught:
        sdk.responses.create(model="gpt-6-luna", input="ping")
    assert (caught.value.code, caught.value.response.headers["retry-after"]) == (
        "rate_limit_exceeded",
        "60",
    )


def test_node(simulation: Running, tmp_path: Path) -> None:
    if shutil.which("node") is None or not NODE_MODULES.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("node or its SDK is missing")
        pytest.skip("node or its SDK is missing")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    program = tmp_path / "program.mjs"
    program.write_text(NODE_PROGRAM, encoding="utf-8")
    settings = {
        "OPENAI_API_KEY": GOOD_KEY,
        "OPENAI_ADMIN_KEY": ADMIN_KEY,
        "OPENAI_BASE_URL": simulation.base_url,
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        ["node", str(program)],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "gpt-6-luna" in found["models"]
    assert (found["model"], found["chat"]) == ("model", "Pong. The call went through.")
    assert found["response"] == ["completed", "Pong. The call went through."]
    assert found["projects"] == [PROJECT.id, OTHER_PROJECT.id, ARCHIVED_PROJECT.id]
    assert (len(found["keys"]), len(found["admins"]), len(found["users"])) == (3, 1, 1)
    assert found["limits"] > 10
    assert found["error"] == ["AuthenticationError", 401, "invalid_api_key"]
