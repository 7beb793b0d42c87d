"""Places outside this machine to which a key can be copied: one row for each vendor's program.

A program gets the key on its standard input, because other users can read its arguments and its
environment. What the programs accept: aws-cli 1.46 and 2 (`file:///dev/stdin`), Vault 1.21
(`FIELD=-`), 1Password CLI 2 (an item as JSON on standard input), GitHub CLI 2 (standard input
without --body), kubectl 1.32 (--patch-file, --from-file), read 2026-11.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Names = Mapping[str, str]
"""The parts of a place: "field" -> "api_key". An optional part that is missing is ""."""

_WORD = r"[A-Za-z0-9_.][\w.-]*"
_DNS = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"


class UnusableError(Exception):
    """What is in this place cannot be changed safely. The message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A command that stores the key.

    command: its words, with {names} of the place.
    input: returns its standard input for the key, what the reading command printed, and the names.
    """

    command: tuple[str, ...]
    input: Callable[[str, str, Names], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A kind of place.

    form: how a person writes it. pattern: matches what follows the first colon.
    read: the words of the command that prints what is there; empty if nothing can be read back.
    absent: matches its error message if there is nothing yet.
    find: returns the value in what it printed, or None; UnusableError if it must not be changed.
    update, create: what stores the key where there is something, and where there is nothing yet.
    reads_dev_stdin: the command opens /dev/stdin, which Windows does not have.
    """

    id: str
    title: str
    form: str
    pattern: re.Pattern[str]
    program: str
    update: Write
    create: Write | None = None
    read: tuple[str, ...] = ()
    absent: re.Pattern[str] | None = None
    find: Callable[[str, Names], str | None] = lambda printed, names: None
    reads_dev_stdin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a destination, as a person named it in `text`."""

    text: str
    destination: Destination
    names: Names

    def words(self, command: tuple[str, ...]) -> list[str]:
        """Return the words of a command for this place."""
        return [word.format_map(self.names) for word in command]


def parse_place(text: str) -> Place:
    """Return the place that a text names; ValueError with a sentence if it names none."""
    kind, _, rest = text.partition(":")
    for destination in DESTINATIONS:
        if kind == destination.id:
            match = destination.pattern.fullmatch(rest)
            if match is None:
                raise ValueError(f"expected {destination.form}")
            names = {name: value or "" for name, value in match.groupdict().items()}
            return Place(text=text, destination=destination, names=names)
    forms = ", ".join(destination.form for destination in DESTINATIONS)
    raise ValueError(f"expected one of {forms}")


def _key_alone(key: str, old: str, names: Names) -> str:
    return key


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _document(printed: str, program: str) -> dict[str, Any]:
    """Return the JSON object that a program printed; without one, nothing is known of the place."""
    document = _parsed(printed)
    if not isinstance(document, dict):
        raise UnusableError(
            f"{program} printed no JSON. Check its address and that it is signed in"
        )
    return document


def _aws_value(printed: str, names: Names) -> str | None:
    """Return the secret, or its field. A JSON document is never replaced by a key."""
    answer = _document(printed, "aws")
    text = answer.get("SecretString")
    if "SecretBinary" in answer:
        raise UnusableError("the secret is binary, not a text. Choose another one")
    if not isinstance(text, str):
        raise UnusableError("aws printed no secret. Check the ID and that aws is signed in")
    document, field = _parsed(text), names["field"]
    if not field:
        if isinstance(document, dict):
            fields = ", ".join(document) or "none yet"
            raise UnusableError(
                f"the secret is a JSON document (fields: {fields}). Add the field: "
                f"aws-secretsmanager:{names['id']}#FIELD"
            )
        return text
    if not isinstance(document, dict):
        raise UnusableError(
            "the secret is not a JSON document, so it has no fields. Leave out the field: "
            f"aws-secretsmanager:{names['id']}"
        )
    return _text_or_none(document.get(field))


def _aws_input(key: str, old: str, names: Names) -> str:
    if not names["field"]:
        return key
    document = _parsed(_parsed(old)["SecretString"]) if old else {}
    return json.dumps({**document, names["field"]: key})


def _vault_value(printed: str, names: Names) -> str | None:
    """Return the field; version 2 of the engine has the fields one level deeper."""
    data = _document(printed, "vault").get("data")
    if isinstance(data, dict) and "metadata" in data:
        data = data.get("data")
    return _text_or_none(data.get(names["field"])) if isinstance(data, dict) else None


def _kubernetes_value(printed: str, names: Names) -> str | None:
    data = _document(printed, "kubectl").get("data")
    encoded = data.get(names["field"]) if isinstance(data, dict) else None
    if not isinstance(encoded, str):
        return None
    try:
        return base64.b64decode(encoded).decode("utf-8", "surrogateescape")
    except ValueError:
        return encoded


def _kubernetes_patch(key: str, old: str, names: Names) -> str:
    encoded = base64.b64encode(key.encode("utf-8", "surrogateescape")).decode()
    return json.dumps({"data": {names["field"]: encoded}})


def _onepassword_value(printed: str, names: Names) -> str | None:
    item = _onepassword_item(printed)
    fields = _onepassword_fields(item, names)
    if len(fields) > 1:
        raise UnusableError(
            f"the item has {len(fields)} fields {names['field']}. Name one by its ID"
        )
    return _text_or_none(fields[0].get("value")) if fields else None


def _onepassword_item(printed: str) -> dict[str, Any]:
    """Return the item, if nothing is lost when it is written back as JSON.

    The JSON has no passkeys, and writing an item without them deletes them; only logins have any.
    """
    item = _parsed(printed)
    if not isinstance(item, dict) or not isinstance(item.get("fields", []), list):
        raise UnusableError("op printed no item")
    if item.get("category") == "LOGIN":
        raise UnusableError(
            "the item is a login, whose passkey op would delete. Use an API Credential item"
        )
    values = [field.get("value") for field in item.get("fields", []) if isinstance(field, dict)]
    if any(isinstance(value, str) and "op item get" in value for value in values):
        raise UnusableError("op hides the values of the item. Update op")
    return item


def _onepassword_fields(item: dict[str, Any], names: Names) -> list[dict[str, Any]]:
    fields = [field for field in item.get("fields", []) if isinstance(field, dict)]
    by_id = [field for field in fields if field.get("id") == names["field"]]
    return by_id or [field for field in fields if field.get("label") == names["field"]]


def _onepassword_input(key: str, old: str, names: Names) -> str:
    """Return the item with the new value, or with one more field."""
    item = _onepassword_item(old)
    for field in _onepassword_fields(item, names):
        field["value"] = key
        return json.dumps(item)
    name = names["field"]
    added = {"id": name, "label": name, "type": "CONCEALED", "value": key}
    return json.dumps({**item, "fields": [*item.get("fields", []), added]})


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


DESTINATIONS: tuple[Destination, ...] = (
    Destination(
        id="aws-secretsmanager",
        title="AWS Secrets Manager",
        form="aws-secretsmanager:ID[#FIELD]",
        pattern=re.compile(rf"(?P<id>[A-Za-z0-9/_+=.@][\w/+=.@:-]*)(?:#(?P<field>{_WORD}))?"),
        program="aws",
        read=("aws", "secretsmanager", "get-secret-value", "--secret-id", "{id}", "--output=json"),
        absent=re.compile(r"ResourceNotFoundException"),
        find=_aws_value,
        update=Write(
            command=(
                *("aws", "secretsmanager", "put-secret-value", "--secret-id", "{id}"),
                *("--secret-string", "file:///dev/stdin", "--output=json"),
            ),
            input=_aws_input,
        ),
        reads_dev_stdin=True,
    ),
    Destination(
        id="vault",
        title="Vault",
        form="vault:PATH#FIELD",
        pattern=re.compile(rf"(?P<path>[A-Za-z0-9_.][\w./ -]*)#(?P<field>{_WORD})"),
        program="vault",
        read=("vault", "kv", "get", "-format=json", "{path}"),
        absent=re.compile(r"No value found at"),
        find=_vault_value,
        update=Write(command=("vault", "kv", "patch", "{path}", "{field}=-"), input=_key_alone),
        create=Write(command=("vault", "kv", "put", "{path}", "{field}=-"), input=_key_alone),
    ),
    Destination(
        id="1password",
        title="1Password",
        form="1password:VAULT/ITEM/FIELD",
        pattern=re.compile(r"(?P<vault>[^/-][^/]*)/(?P<item>[^/-][^/]*)/(?P<field>[^/]+)"),
        program="op",
        read=("op", "item", "get", "{item}", "--vault", "{vault}", "--format", "json", "--reveal"),
        find=_onepassword_value,
        update=Write(
            command=("op", "item", "edit", "{item}", "--vault", "{vault}", "--format", "json"),
            input=_onepassword_input,
        ),
    ),
    Destination(
        id="github",
        title="GitHub Actions",
        form="github:OWNER/REPO:NAME",
        pattern=re.compile(rf"(?P<repo>[A-Za-z0-9][\w-]*/{_WORD}):(?P<name>[A-Za-z_]\w*)"),
        program="gh",
        update=Write(
            command=("gh", "secret", "set", "{name}", "--repo", "{repo}"), input=_key_alone
        ),
    ),
    Destination(
        id="kubernetes",
        title="Kubernetes",
        form="kubernetes:NAMESPACE/SECRET:FIELD",
        pattern=re.compile(rf"(?P<namespace>{_DNS})/(?P<secret>{_DNS}):(?P<field>{_WORD})"),
        program="kubectl",
        read=(
            *("kubectl", "get", "secret", "{secret}", "--namespace", "{namespace}"),
            "--output=json",
        ),
        absent=re.compile(r"\(NotFound\)"),
        find=_kubernetes_value,
        update=Write(
            command=(
                *("kubectl", "patch", "secret", "{secret}", "--namespace", "{namespace}"),
                *("--type=merge", "--patch-file=/dev/stdin"),
            ),
            input=_kubernetes_patch,
        ),
        create=Write(
            command=(
                *("kubectl", "create", "secret", "generic", "{secret}"),
                *("--namespace", "{namespace}", "--from-file={field}=/dev/stdin"),
            ),
            input=_key_alone,
        ),
        reads_dev_stdin=True,
    ),
)
