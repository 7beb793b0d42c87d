"""`profiles push` to all stores: with stand-ins for their programs, which record what they get, and
with the real aws and kubectl."""

import asyncio
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from oai_tui.credentials.store.encrypted_file import FileEntries
from oai_tui.credentials.store.vault import KeyringVault
from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.target import Target
from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, environment, run_cli
from tests.commands.pty_runner import run_on_terminal
from tests.commands.saved_profiles import leaks
from tests.commands.store_programs import install
from tests.credentials.profile_factory import verified
from tests.credentials.sources.test_aws import moto, variables

__all__ = ["moto"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs /dev/stdin")

PHRASE = "correct horse battery staple"
OTHER = "sk-proj-" + "c" * 74 + "T3BlbkFJ" + "d" * 74


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A home folder with the profile "work", the programs, and what they keep and record."""

    home: Path
    key: str
    env: dict[str, str]

    def push(self, place: str, *more: str, **variables: str) -> CliResult:
        words = ["profiles", "push", "work", "--to", place, *(more or ("--yes",))]
        done = run_cli(words, self.home, {**self.env, **variables})
        assert leaks(self.key, done.out, done.err) == []
        return done

    @property
    def store(self) -> Any:
        return json.loads((self.home / "store.json").read_text("utf-8"))

    def keep(self, store: Any) -> None:
        (self.home / "store.json").write_text(json.dumps(store), encoding="utf-8")

    @property
    def runs(self) -> list[dict[str, Any]]:
        path = self.home / "recorded.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    @property
    def commands(self) -> list[str]:
        return [" ".join([Path(run["argv"][0]).name, *run["argv"][1:]]) for run in self.runs]


def setup_for(home: Path, scenario: str) -> Iterator[Setup]:
    with running(scenario) as simulated:
        client = client_environment(simulated)
        key = client["OPENAI_API_KEY"]
        entries = FileEntries(
            home / ".local/share/oai-tui/profiles.enc", lambda: Secret(PHRASE), cost=2**10
        )
        profile = verified("work", key, Target(base_url=client["OPENAI_BASE_URL"]))
        asyncio.run(KeyringVault(entries, deadline_s=30).save(profile))
        install(home / "programs")
        env = {
            "PATH": f"{home / 'programs'}:{os.environ['PATH']}",
            "OAI_TUI_STORE": "file",
            "OAI_TUI_PASSPHRASE_COMMAND": f"echo {PHRASE}",
            "STORE": str(home / "store.json"),
            "RECORDED": str(home / "recorded.jsonl"),
            # The key is in the environment, under two names; no program may inherit it.
            "OPENAI_API_KEY": key,
            "MY_COPY": f"Bearer {key}",
        }
        yield Setup(home=home, key=key, env=env)


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[Setup]:
    yield from setup_for(tmp_path, "all-good")


@pytest.fixture
def setup_with_revoked_key(tmp_path: Path) -> Iterator[Setup]:
    yield from setup_for(tmp_path, "key-invalid")


def kubernetes(**fields: str) -> dict[str, Any]:
    data = {name: base64.b64encode(value.encode()).decode() for name, value in fields.items()}
    return {"kind": "Secret", "data": data}


def vault(**fields: str) -> dict[str, Any]:
    return {"data": {"data": fields, "metadata": {"version": 1}}}


def item(*fields: dict[str, str], category: str = "API_CREDENTIAL") -> dict[str, Any]:
    return {"id": "x", "title": "openai", "category": category, "fields": list(fields)}


NOTES = {"id": "notesPlain", "type": "STRING", "label": "notesPlain", "value": "ask Kim"}
CREDENTIAL = {"id": "credential", "type": "CONCEALED", "label": "credential", "value": OTHER}
AWS_GET = "aws secretsmanager get-secret-value --secret-id prod/openai --output=json"
AWS_PUT = (
    "aws secretsmanager put-secret-value --secret-id prod/openai "
    "--secret-string file:///dev/stdin --output=json"
)
VAULT_GET = "vault kv get -format=json secret/openai"
OP_GET = "op item get openai --vault dev --format json --reveal"
OP_EDIT = "op item edit openai --vault dev --format json"
KUBECTL_GET = "kubectl get secret openai --namespace prod --output=json"
KUBECTL_PATCH = "kubectl patch secret openai --namespace prod --type=merge --patch-file=/dev/stdin"
KUBECTL_CREATE = (
    "kubectl create secret generic openai --namespace prod --from-file=api_key=/dev/stdin"
)
CASES: dict[str, tuple[str, Any, list[str], Any]] = {
    "aws, nothing yet": (
        "aws-secretsmanager:prod/openai",
        None,
        [AWS_GET, AWS_PUT, AWS_GET],
        "KEY",
    ),
    "aws, another key": (
        "aws-secretsmanager:prod/openai",
        {"SecretString": OTHER},
        [AWS_GET, AWS_PUT, AWS_GET],
        "KEY",
    ),
    "aws, one field of several": (
        "aws-secretsmanager:prod/openai#api_key",
        {"SecretString": json.dumps({"api_key": OTHER, "user": "kim"})},
        [AWS_GET, AWS_PUT, AWS_GET],
        {"api_key": "KEY", "user": "kim"},
    ),
    "vault, nothing yet": (
        "vault:secret/openai#api_key",
        None,
        [VAULT_GET, "vault kv put secret/openai api_key=-", VAULT_GET],
        vault(api_key="KEY"),
    ),
    "vault, other fields": (
        "vault:secret/openai#api_key",
        vault(api_key=OTHER, user="kim"),
        [VAULT_GET, "vault kv patch secret/openai api_key=-", VAULT_GET],
        vault(api_key="KEY", user="kim"),
    ),
    "1password, a field": (
        "1password:dev/openai/credential",
        item(NOTES, CREDENTIAL),
        [OP_GET, OP_EDIT, OP_GET],
        item(NOTES, {**CREDENTIAL, "value": "KEY"}),
    ),
    "1password, a new field": (
        "1password:dev/openai/token",
        item(NOTES),
        [OP_GET, OP_EDIT, OP_GET],
        item(NOTES, {"id": "token", "label": "token", "type": "CONCEALED", "value": "KEY"}),
    ),
    "github": (
        "github:acme/shop:OPENAI_API_KEY",
        None,
        ["gh secret set OPENAI_API_KEY --repo acme/shop"],
        "KEY",
    ),
    "kubernetes, nothing yet": (
        "kubernetes:prod/openai:api_key",
        None,
        [KUBECTL_GET, KUBECTL_CREATE, KUBECTL_GET],
        kubernetes(api_key="KEY"),
    ),
    "kubernetes, other fields": (
        "kubernetes:prod/openai:api_key",
        kubernetes(api_key=OTHER, user="kim"),
        [KUBECTL_GET, KUBECTL_PATCH, KUBECTL_GET],
        kubernetes(api_key="KEY", user="kim"),
    ),
}
"""Place, what is in the store before, the commands, what is in the store after ("KEY": the key)."""


def readable(store: Any, key: str) -> Any:
    """Return the store with KEY for the key, in the form in which CASES has it."""
    match store:
        case {"SecretString": str(text)}:
            store = json.loads(text) if text.startswith("{") else text
        case {"data": {"data": _, "metadata": _}}:
            store = vault(**store["data"]["data"])
        case {"kind": "Secret"}:
            store = {
                "plain": {
                    name: base64.b64decode(text).decode() for name, text in store["data"].items()
                }
            }
    shown = json.loads(json.dumps(store).replace(key, "KEY"))
    return kubernetes(**shown["plain"]) if isinstance(shown, dict) and "plain" in shown else shown


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_key_is_stored_and_other_values_are_kept(
    case: tuple[str, Any, list[str], Any], setup: Setup
) -> None:
    place, before, commands, after = case
    if before is not None:
        setup.keep(before)
    done = setup.push(place)
    assert (done.code, setup.commands) == (0, commands), done.err
    assert readable(setup.store, setup.key) == after
    assert Secret(setup.key).fingerprint in done.out
    assert ("not compared" if place.startswith("github") else "read back") in done.out


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_key_is_on_standard_input_only(case: tuple[str, Any, list[str], Any], setup: Setup) -> None:
    place, before, _, _ = case
    if before is not None:
        setup.keep(before)
    setup.push(place)
    encoded = base64.b64encode(setup.key.encode()).decode()
    writes = [run for run in setup.runs if run["stdin"]]
    assert len(writes) == 1
    assert setup.key in writes[0]["stdin"] or encoded in writes[0]["stdin"]
    for run in setup.runs:
        visible_to_others = json.dumps([run["argv"], run["env"]])
        assert leaks(setup.key, visible_to_others) == []
        assert leaks(encoded, visible_to_others) == []
        assert "OPENAI_API_KEY" not in run["env"]


def test_commands_are_shown_and_nothing_is_changed_by_a_dry_run(setup: Setup) -> None:
    setup.keep({"SecretString": OTHER})
    done = setup.push("aws-secretsmanager:prod/openai", "--dry-run")
    assert (done.code, done.out) == (0, "")
    assert AWS_PUT in done.err
    assert f"another value (fingerprint {Secret(OTHER).fingerprint})" in done.err
    assert setup.commands == [AWS_GET]


def test_key_that_is_there_already_is_not_stored_again(setup: Setup) -> None:
    setup.keep({"SecretString": setup.key})
    done = setup.push("aws-secretsmanager:prod/openai")
    assert (done.code, setup.commands) == (0, [AWS_GET])
    assert "has this key already" in done.out


def test_key_that_does_not_work_is_not_stored(setup_with_revoked_key: Setup) -> None:
    done = setup_with_revoked_key.push("github:acme/shop:OPENAI_API_KEY")
    assert (done.code, setup_with_revoked_key.runs) == (4, [])
    assert "not copied, because the check did not pass" in done.err


UNUSABLE: dict[str, tuple[str, Any, str]] = {
    "a JSON document": (
        "aws-secretsmanager:prod/openai",
        {"SecretString": json.dumps({"api_key": OTHER, "user": "kim"})},
        "fields: api_key, user",
    ),
    "a field of a text": (
        "aws-secretsmanager:prod/openai#api_key",
        {"SecretString": OTHER},
        "Leave out the field",
    ),
    "a binary secret": ("aws-secretsmanager:prod/openai", {"SecretBinary": "eA=="}, "binary"),
    "an answer without a secret": (
        "aws-secretsmanager:prod/openai",
        {"ARN": "arn:aws:x"},
        "aws printed no secret",
    ),
    "a login": (
        "1password:dev/openai/password",
        item(NOTES, category="LOGIN"),
        "passkey",
    ),
    "hidden values": (
        "1password:dev/openai/credential",
        item({**CREDENTIAL, "value": "[use 'op item get x --reveal' to reveal]"}),
        "Update op",
    ),
    "two fields of one name": (
        "1password:dev/openai/key",
        item({"id": "a", "label": "key"}, {"id": "b", "label": "key"}),
        "2 fields",
    ),
}


@pytest.mark.parametrize("case", UNUSABLE.values(), ids=UNUSABLE)
def test_what_would_be_lost_is_not_overwritten(case: tuple[str, Any, str], setup: Setup) -> None:
    place, before, words = case
    setup.keep(before)
    done = setup.push(place)
    assert (done.code, len(setup.runs), setup.store) == (2, 1, before)
    assert words in done.err
    assert leaks(OTHER, done.err) == []


MISTAKES = {
    "no kind": "prod/openai",
    "unknown kind": "gcp:prod",
    "an option for aws": "aws-secretsmanager:--profile",
    "no field": "vault:secret/openai",
    "an option for vault": "vault:-address=x#y",
    "two parts": "1password:dev/openai",
    "an option for op": "1password:dev/-x/y",
    "no name": "github:acme/shop",
    "a repository of one part": "github:shop:NAME",
    "capital letters": "kubernetes:Prod/openai:key",
    "an assignment": "kubernetes:prod/openai:a=/etc/passwd",
}


@pytest.mark.parametrize("place", MISTAKES.values(), ids=MISTAKES)
def test_place_that_is_none_is_a_usage_error(place: str, setup: Setup) -> None:
    done = setup.push(place)
    assert (done.code, done.out, setup.runs) == (2, "", [])


def test_no_terminal_and_no_yes_is_a_usage_error(setup: Setup) -> None:
    done = setup.push("github:acme/shop:OPENAI_API_KEY", "--timeout", "20")
    assert (done.code, setup.runs) == (2, [])
    assert "add --yes or --dry-run" in done.err


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2), ("", 2)])
def test_terminal_is_asked(answer: str, code: int, setup: Setup) -> None:
    exit_code, screen = run_on_terminal(
        ["profiles", "push", "work", "--to", "github:acme/shop:OPENAI_API_KEY"],
        environment(setup.home, setup.env),
        setup.home,
        answers=[("Store the key there?", f"{answer}\n".encode())],
    )
    assert (exit_code, len(setup.runs)) == (code, 1 if code == 0 else 0)
    assert "gh secret set OPENAI_API_KEY --repo acme/shop" in screen


def test_missing_program_is_named(setup: Setup) -> None:
    (setup.home / "programs/op").unlink()
    path = f"{setup.home / 'programs'}:/usr/bin:/bin"
    if shutil.which("op", path=path):
        pytest.skip("op is installed")
    done = setup.push("1password:dev/openai/credential", PATH=path)
    assert done.code == 10
    assert "op was not found" in done.err


def test_failure_is_reported_without_the_key(setup: Setup) -> None:
    done = setup.push("github:acme/shop:OPENAI_API_KEY", FAILS="1")
    assert done.code == 10
    assert "gh secret set OPENAI_API_KEY --repo acme/shop: failed with exit code 7" in done.err
    assert "denied: " in done.err
    assert "the key may be stored in github:acme/shop:OPENAI_API_KEY" in done.err
    assert "run this command again" not in done.err


@pytest.mark.parametrize(
    ("program", "place"),
    [("vault", "vault:secret/openai#api_key"), ("kubectl", "kubernetes:prod/openai:api_key")],
)
def test_answer_that_is_no_json_does_not_count_as_an_empty_place(
    program: str, place: str, setup: Setup
) -> None:
    path = setup.home / "programs" / program
    path.unlink()
    path.write_text("#!/bin/sh\necho '<html>Sign in</html>'\n", "utf-8")
    path.chmod(0o755)
    done = setup.push(place)
    assert done.code == 2
    assert f"{program} printed no JSON" in done.err


def test_failing_read_ends_the_command(setup: Setup) -> None:
    done = setup.push("1password:dev/openai/credential")
    assert (done.code, setup.commands) == (10, [OP_GET])
    assert "isn't an item" in done.err


def test_other_value_after_storing_is_a_failure(setup: Setup) -> None:
    program = setup.home / "programs/vault"
    program.write_text(program.read_text("utf-8").replace("field: text}", "field: 'x'}"), "utf-8")
    done = setup.push("vault:secret/openai#api_key")
    assert done.code == 10
    assert "has another value after storing the key" in done.err


def test_real_aws(moto: str, setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> None:
    env = {**variables(), "AWS_ENDPOINT_URL": moto}
    name = tmp_path_factory.mktemp("unique").name
    place = f"aws-secretsmanager:{name}"
    missing = setup.push(place, **env)
    assert (missing.code, "ResourceNotFoundException" in missing.err) == (10, True)
    _aws(setup, env, "create-secret", "--name", name, "--secret-string", '{"user": "kim"}')
    done = setup.push(f"{place}#api_key", **env)
    assert done.code == 0, done.err
    document = _aws(setup, env, "get-secret-value", "--secret-id", name)
    assert json.loads(document["SecretString"]) == {"user": "kim", "api_key": setup.key}
    assert "has this key already" in setup.push(f"{place}#api_key", **env).out


def test_real_aws_stores_the_key_alone(
    moto: str, setup: Setup, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = {**variables(), "AWS_ENDPOINT_URL": moto}
    name = tmp_path_factory.mktemp("unique").name
    _aws(setup, env, "create-secret", "--name", name, "--secret-string", OTHER)
    assert setup.push(f"aws-secretsmanager:{name}", **env).code == 0
    document = _aws(setup, env, "get-secret-value", "--secret-id", name)
    assert document["SecretString"] == setup.key


def _aws(setup: Setup, env: dict[str, str], *words: str) -> Any:
    done = subprocess.run(
        ["aws", "secretsmanager", *words],
        env={**env, "HOME": str(setup.home)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


class KubernetesApi(BaseHTTPRequestHandler):
    """The little of the API that kubectl needs to get, create and patch one secret."""

    secrets: dict[str, Any]
    protocol_version = "HTTP/1.1"
    path_of_secrets = "/api/v1/namespaces/prod/secrets"

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/api":
                self._answer(200, {"kind": "APIVersions", "versions": ["v1"]})
            case "/apis":
                self._answer(200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": []})
            case "/api/v1":
                resource = {
                    "name": "secrets",
                    "singularName": "secret",
                    "namespaced": True,
                    "kind": "Secret",
                    "verbs": ["get", "create", "patch"],
                }
                self._answer(
                    200,
                    {"kind": "APIResourceList", "groupVersion": "v1", "resources": [resource]},
                )
            case path if path.rpartition("/")[2] in self.secrets:
                self._answer(200, self.secrets[path.rpartition("/")[2]])
            case path:
                name = path.rpartition("/")[2]
                status = {
                    "kind": "Status",
                    "apiVersion": "v1",
                    "status": "Failure",
                    "message": f'secrets "{name}" not found',
                    "reason": "NotFound",
                    "details": {"name": name, "kind": "secrets"},
                    "code": 404,
                }
                self._answer(404, status)

    def do_POST(self) -> None:
        """Create a secret: from JSON, or from protobuf, which contains the value unencoded."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if raw.startswith(b"{"):
            data = json.loads(raw)["data"]
        else:
            found = re.search(rb"api_key\x12.{1,2}(sk-[\w-]+)", raw, re.DOTALL)
            assert found is not None
            data = kubernetes(api_key=found[1].decode())["data"]
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "openai"},
            "data": data,
        }
        self.secrets["openai"] = secret
        self._answer(201, secret)

    def do_PATCH(self) -> None:
        assert self.headers["Content-Type"] == "application/merge-patch+json"
        secret = self.secrets[self.path.partition("?")[0].rpartition("/")[2]]
        secret["data"] |= self._body()["data"]
        self._answer(200, secret)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, status: int, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Any], str]]:
    """The secrets of a cluster, and the path of its kubeconfig."""
    secrets: dict[str, Any] = {}
    handler = type("Handler", (KubernetesApi,), {"secrets": secrets})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = tmp_path_factory.mktemp("kube") / "config"
    url = f"http://127.0.0.1:{server.server_address[1]}"
    config.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "c", "cluster": {"server": url}}],
                "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
                "users": [{"name": "u", "user": {}}],
                "current-context": "x",
            }
        ),
        encoding="utf-8",
    )
    yield secrets, str(config)
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(
    shutil.which("kubectl") is None and os.environ.get("CI") != "true",
    reason="kubectl is not installed",
)
def test_real_kubectl(cluster: tuple[dict[str, Any], str], setup: Setup) -> None:
    secrets, config = cluster
    env = {"PATH": os.environ["PATH"], "KUBECONFIG": config}
    created = setup.push("kubernetes:prod/openai:api_key", **env)
    assert created.code == 0, created.err
    assert secrets["openai"]["data"] == kubernetes(api_key=setup.key)["data"]
    secrets["openai"]["data"] = kubernetes(api_key=OTHER, user="kim")["data"]
    changed = setup.push("kubernetes:prod/openai:api_key", **env)
    assert changed.code == 0, changed.err
    assert secrets["openai"]["data"] == kubernetes(api_key=setup.key, user="kim")["data"]


def test_killed_program_is_named_with_its_signal(setup: Setup) -> None:
    path = setup.home / "programs/gh"
    path.unlink()
    path.write_text("#!/bin/sh\nkill -9 $$\n", "utf-8")
    path.chmod(0o755)
    done = setup.push("github:acme/shop:OPENAI_API_KEY")
    assert done.code == 10
    assert "was killed by signal 9 (SIGKILL)" in done.err
    assert "exit code -" not in done.err
