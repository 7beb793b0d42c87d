"""Ctrl+z hands the terminal back to the shell, and `fg` continues the wizard where it was."""

from pathlib import Path

from tests.e2e.terminal import terminal


def test_ctrl_z_suspends_and_fg_continues(
    program: str, no_secret_service: dict[str, str], tmp_path: Path
) -> None:
    with terminal("sh", "-i", env=no_secret_service, folder=tmp_path) as screen:
        screen.wait_for("$")
        screen.type(f"{program} --demo organization-mismatch")
        screen.press("Enter")
        screen.wait_for("Check this key", "OPENAI_ORG_ID")
        screen.press("C-z")
        screen.wait_for("Stopped")
        assert screen.mode("alternate_on") == "0"
        screen.type("echo shell $((6 * 7))")
        screen.press("Enter")
        screen.wait_for("shell 42")
        screen.type("fg")
        screen.press("Enter")
        screen.wait_for("Check this key", "OPENAI_ORG_ID", lambda text: "shell 42" not in text)
        assert screen.mode("alternate_on") == "1"
        screen.press("Enter")
        screen.wait_for("mismatched_organization")
        screen.press("C-c")
        screen.wait_for("shell 42")
        screen.type("echo code $?")
        screen.press("Enter")
        screen.wait_for("code 130")
        screen.type("exit")
        screen.press("Enter")
        screen.wait_for("exit code 0")


def test_without_job_control_ctrl_z_says_what_to_do(
    program: str, no_secret_service: dict[str, str], tmp_path: Path
) -> None:
    with terminal(program, "--demo", "all-good", env=no_secret_service, folder=tmp_path) as screen:
        screen.wait_for("Check this key")
        screen.press("C-z")
        screen.wait_for("cannot suspend a program")
        screen.press("C-c")
        screen.wait_for("exit code 130")
