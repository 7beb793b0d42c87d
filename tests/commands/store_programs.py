"""Stand-ins for the programs of secret stores: they keep one store in a file and record their use.

Each is this file under the program's name. STORE names the file with the store, a JSON document;
RECORDED the file to which one line of JSON is added for each run: argv, env, stdin.
What they print is what the real programs print for these commands (aws-cli 1.46, Vault 1.21,
1Password CLI 2, GitHub CLI 2, kubectl 1.32).
"""

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

PROGRAMS = ("aws", "vault", "op", "gh", "kubectl")


def install(folder: Path) -> None:
    """Put the programs into a folder, for PATH."""
    folder.mkdir()
    for name in PROGRAMS:
        (folder / name).write_text(
            f"#!{sys.executable}\n{Path(__file__).read_text('utf-8')}", "utf-8"
        )
        (folder / name).chmod(0o755)


def main() -> int:
    """Run the program whose name this is."""
    name, words = Path(sys.argv[0]).name, sys.argv[1:]
    reads = name == "gh" or bool(
        {"put-secret-value", "patch", "put", "edit", "create"} & set(words)
    )
    opens = "file:///dev/stdin" in words or any("=/dev/stdin" in word for word in words)
    text = (Path("/dev/stdin").read_text() if opens else sys.stdin.read()) if reads else ""
    with open(os.environ["RECORDED"], "a", encoding="utf-8") as file:
        line = {"argv": sys.argv, "env": dict(os.environ), "stdin": text}
        file.write(json.dumps(line) + "\n")
    path = Path(os.environ["STORE"])
    store = json.loads(path.read_text("utf-8")) if path.exists() else None
    if os.environ.get("FAILS") and reads:
        print(f"denied: {text}", file=sys.stderr)
        return 7
    if reads:
        path.write_text(json.dumps(CHANGES[name](words, text, store)), "utf-8")
        return 0
    if store is None:
        print(ABSENT[name], file=sys.stderr)
        return 254
    print(json.dumps(store))
    return 0


def change_aws(words: list[str], text: str, store: Any) -> Any:
    return {"ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:x", "SecretString": text}


def change_vault(words: list[str], text: str, store: Any) -> Any:
    field = words[-1].removesuffix("=-")
    old = store["data"]["data"] if store and words[1] == "patch" else {}
    return {"data": {"data": {**old, field: text}, "metadata": {"version": 2}}}


def change_op(words: list[str], text: str, store: Any) -> Any:
    return json.loads(text)


def change_gh(words: list[str], text: str, store: Any) -> Any:
    return text


def change_kubectl(words: list[str], text: str, store: Any) -> Any:
    if "create" in words:
        field = next(word for word in words if word.startswith("--from-file=")).split("=")[1]
        return {"kind": "Secret", "data": {field: base64.b64encode(text.encode()).decode()}}
    return {**store, "data": {**store["data"], **json.loads(text)["data"]}}


CHANGES = {
    "aws": change_aws,
    "vault": change_vault,
    "op": change_op,
    "gh": change_gh,
    "kubectl": change_kubectl,
}
ABSENT = {
    "aws": "An error occurred (ResourceNotFoundException) when calling the GetSecretValue "
    "operation: Secrets Manager can't find the specified secret.",
    "vault": "No value found at secret/data/openai",
    "op": '[ERROR] 2026/11/27 "openai" isn\'t an item in the "dev" vault.',
    "gh": "",
    "kubectl": 'Error from server (NotFound): secrets "openai" not found',
}


if __name__ == "__main__":
    sys.exit(main())
