"""Lists the developer commands of this folder: `python -m tests`."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


def commands() -> dict[str, str]:
    """Return the modules of tests/ whose docstrings say how to run them, with their first lines."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        name = name.removesuffix(".__main__")
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if name != "tests" and f"python -m {name}" in docstring:
            found[name] = docstring.partition("\n")[0]
    return found


if __name__ == "__main__":
    print("bash tests/run            everything, as CI does")
    print("bash tests/run --fast     format, lint, types and the quick tests")
    print()
    for name, summary in commands().items():
        print(f"python -m {name}\n    {summary}")
