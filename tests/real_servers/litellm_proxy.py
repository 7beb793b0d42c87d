"""The LiteLLM proxy (PyPI package litellm[proxy]) without a database."""

import contextlib
import json
from pathlib import Path
from typing import Any

from .processes import LOOPBACK, Command, Running, running
from .tools import venv_program
from .upstream import KEY as UPSTREAM_KEY
from .upstream import MODEL as UPSTREAM_MODEL

MASTER_KEY = "sk-litellm-master-" + "4" * 24

# The models, each with its own fate behind the proxy.
MODEL = "team-model"
REVOKED_MODEL = "revoked-model"  # the upstream refuses the proxy's key
DEAD_MODEL = "dead-model"  # the upstream refuses connections
SLOW_MODEL = "slow-model"  # the upstream takes longer than the proxy waits

START_S = 150.0


def master_key_only(
    origin: str, *, dead_port: int, slow_origin: str
) -> contextlib.AbstractContextManager[Running]:
    """MASTER_KEY is the only key; another one gives 400, because there is no database."""
    return _started(_models(origin, dead_port, slow_origin))


def _models(origin: str, dead_port: int, slow_origin: str) -> list[dict[str, Any]]:
    return [
        _model(MODEL, origin),
        _model(REVOKED_MODEL, origin, key="sk-revoked-" + "0" * 30),
        _model(DEAD_MODEL, f"http://{LOOPBACK}:{dead_port}"),
        _model(SLOW_MODEL, slow_origin, timeout_s=1),
    ]


def _model(
    name: str, origin: str, *, key: str = UPSTREAM_KEY, timeout_s: float = 10
) -> dict[str, Any]:
    parameters = {
        "model": f"openai/{UPSTREAM_MODEL}",
        "api_base": f"{origin}/v1",
        "api_key": key,
        "timeout": timeout_s,
        "max_retries": 0,
    }
    return {"model_name": name, "litellm_params": parameters}


def _started(models: list[dict[str, Any]]) -> contextlib.AbstractContextManager[Running]:
    program = venv_program("litellm", "litellm")

    def setup(port: int, folder: Path) -> Command:
        config = {
            "model_list": models,
            "general_settings": {"master_key": MASTER_KEY},
            "litellm_settings": {"num_retries": 0},
            "router_settings": {"num_retries": 0, "disable_cooldowns": True},
        }
        # JSON is YAML.
        (folder / "config.yaml").write_text(json.dumps(config))
        argv: list[str | Path] = [program, "--config", folder / "config.yaml", "--host", LOOPBACK]
        env = {
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it asks the internet at the start
            "LITELLM_TELEMETRY": "False",
            "DO_NOT_TRACK": "1",
            "HF_HUB_OFFLINE": "1",
        }
        return Command(argv=[*argv, "--port", str(port), "--telemetry", "False"], env=env)

    return running(setup, start_s=START_S)
