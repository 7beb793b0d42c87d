"""The next step if a keyring fails, by its state and the machine: a sentence and a command.

As of 2026-11-24. Sources: the manuals of gnome-keyring-daemon(1), kwalletd, security(1) and cmdkey;
the back ends of keyring 25.7.0; tried with gnome-keyring 42.1, with and without a display. Over SSH
or in a container a keyring needs a D-Bus session and an unlocked collection, and no person can
answer a dialog.
"""

import ntpath
import re
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

from oai_tui.system.machine import Machine

USE_FILE = "OAI_TUI_STORE=file oai-tui"
"""Keeps profiles in the encrypted file instead."""
_KEYRING_PROGRAM = re.compile(r"(?<![^ ])keyring(?= (?:get|set|--))")
_UNLOCK = "gnome-keyring-daemon --replace --unlock --components=secrets"
"""Reads the keyring's password from standard input until end of file, without a prompt."""
_ASK_AND_UNLOCK = (
    "read -rs -p 'Password of the keyring: ' P; printf %s \"$P\" | " + _UNLOCK + "; unset P"
)
_SESSION = "dbus-run-session -- bash"
_INSTALL = "sudo apt-get install gnome-keyring dbus && dbus-run-session -- bash"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringStep:
    """The next step for one state of the keyring."""

    state: str
    text: str
    """A sentence for people that begins with a verb."""
    command: str
    """The command as it has to be typed."""
    machines: tuple[Machine, ...] = ()
    """The kinds of machine for which this step is right; () for all."""


NEXT_STEPS: tuple[KeyringStep, ...] = (
    KeyringStep(
        state="unavailable",
        machines=("container",),
        text=(
            "Use the encrypted file: a container has no keyring, and its own files are lost with "
            "it. Keep the file on a volume (replace /data with yours)."
        ),
        command="OAI_TUI_STORE=file:/data/oai-tui.profiles oai-tui",
    ),
    KeyringStep(
        state="unavailable",
        machines=("wsl",),
        text=(
            "Start a Secret Service inside WSL, or use the encrypted file. WSL can't use the "
            "Windows Credential Manager."
        ),
        command=_INSTALL,
    ),
    KeyringStep(
        state="unavailable",
        machines=("ssh",),
        text=(
            "Start a D-Bus session in this login and unlock the keyring in it, or use the "
            "encrypted file."
        ),
        command=f"{_SESSION}  # then, in it: {_ASK_AND_UNLOCK}",
    ),
    KeyringStep(
        state="unavailable",
        machines=("headless",),
        text="Install a Secret Service and start it in a D-Bus session, or use the encrypted file.",
        command=_INSTALL,
    ),
    KeyringStep(
        state="unavailable",
        machines=("kde",),
        text="Turn on KWallet in System Settings, and enable it as the Secret Service.",
        command="kcmshell6 kcm_kwallet5 || kcmshell5 kwalletconfig5",
    ),
    KeyringStep(
        state="unavailable",
        machines=("desktop",),
        text="Install and start a Secret Service, such as gnome-keyring, then log in again.",
        command="sudo apt-get install gnome-keyring libsecret-tools",
    ),
    KeyringStep(
        state="unavailable",
        machines=("macos",),
        text="Check that the login keychain exists and is the default.",
        command="security default-keychain && security list-keychains",
    ),
    KeyringStep(
        state="unavailable",
        machines=("windows",),
        text="Start the Credential Manager service, then try again.",
        command="sc.exe start VaultSvc",
    ),
    KeyringStep(
        state="locked",
        machines=("macos", "ssh"),
        text="Unlock the login keychain; it asks for your account password.",
        command="security unlock-keychain ~/Library/Keychains/login.keychain-db",
    ),
    KeyringStep(
        state="locked",
        machines=("kde",),
        text="Open the wallet; a dialog asks for its password.",
        command="kwallet-query -l kdewallet",
    ),
    KeyringStep(
        state="locked",
        machines=("desktop",),
        text="Unlock the keyring; a dialog asks for its password.",
        command="secret-tool lookup service oai-tui username unlock",
    ),
    KeyringStep(
        state="locked",
        machines=("headless", "wsl", "container"),
        text=(
            "Unlock the keyring in this terminal; without a display, no dialog can ask for its "
            "password."
        ),
        command=_ASK_AND_UNLOCK,
    ),
    KeyringStep(
        state="locked",
        machines=("windows",),
        text="Sign in to Windows again; this unlocks the Credential Manager.",
        command="cmdkey /list",
    ),
    KeyringStep(
        state="slow",
        machines=("desktop", "kde", "macos"),
        text=(
            "Look for a keyring dialog on another screen or behind this window, answer it, and "
            "try again."
        ),
        command="keyring get oai-tui test",
    ),
    KeyringStep(
        state="slow",
        text="Check whether the keyring service hangs, and restart it.",
        command=_UNLOCK,
    ),
    KeyringStep(
        state="refused",
        machines=("macos",),
        text=(
            "Allow this program in the keychain dialog; with “Always Allow” it won't ask again. "
            "After a Python upgrade, allow it again."
        ),
        command="security find-generic-password -s oai-tui",
    ),
    KeyringStep(
        state="refused",
        machines=("windows",),
        text=(
            "Test a single entry. The Credential Manager accepts at most 2,560 bytes per entry: "
            "current keys fit, longer tokens don't; use the encrypted file for those."
        ),
        command="keyring set oai-tui test",
    ),
    KeyringStep(
        state="refused",
        text=(
            "Allow the request in the keyring dialog, or test a single entry to see the "
            "keyring's error."
        ),
        command="keyring set oai-tui test",
    ),
    KeyringStep(
        state="insecure",
        text=(
            "Choose a backend that encrypts entries; list the backends. keyrings.alt stores "
            "plain text and is never used."
        ),
        command="keyring --list-backends",
    ),
    KeyringStep(
        state="differs",
        text="Test a single entry: reading it must return what was stored.",
        command="keyring set oai-tui test && keyring get oai-tui test",
    ),
)
"""The first row with the state and the machine is used."""

UNSET_BACKEND = KeyringStep(
    state="unavailable",
    text="Unset PYTHON_KEYRING_BACKEND: its backend stores nothing or can't be loaded.",
    command="unset PYTHON_KEYRING_BACKEND",
)
"""For a PYTHON_KEYRING_BACKEND that is itself the fault, on any machine."""

FILE_STEPS = {
    "locked": KeyringStep(
        state="locked",
        text="Enter the passphrase at the prompt, or use a command that prints it.",
        command="OAI_TUI_PASSPHRASE_COMMAND='pass show oai-tui' oai-tui profiles list",
    ),
    "differs": KeyringStep(
        state="differs",
        text="Restore the file from a backup, or move it away and save the profiles again.",
        command="mv {file} {damaged}",
    ),
    "slow": KeyringStep(
        state="slow",
        text=(
            "Find the other program that is writing profiles, wait until it exits, then try again."
        ),
        command="ps -ef | grep oai-tui",
    ),
    "refused": KeyringStep(
        state="refused",
        text="Check who may write to the folder, and whether the disk is full.",
        command="ls -ld {folder} {file}; df -h {folder}",
    ),
    "memory": KeyringStep(
        state="memory",
        text="Raise the memory limit of this shell or container, or close other programs.",
        command="ulimit -v; free -m",
    ),
    "unavailable": KeyringStep(
        state="unavailable",
        text="Set OAI_TUI_STORE to keyring, file or file:PATH.",
        command="export OAI_TUI_STORE=file",
    ),
}
"""The next step for the encrypted file, by its state.

In a command, {file} is its path, {folder} its folder and {damaged} a name to move it to.
"""
_WINDOWS_COMMANDS = {
    "differs": "Move-Item {file} {damaged}",
    "refused": "icacls {folder}; Get-PSDrive -PSProvider FileSystem",
    "slow": "Get-Process *oai-tui*",
    "memory": "Get-Process | Sort-Object WorkingSet -Descending | Select-Object -First 10",
    "locked": ("$env:OAI_TUI_PASSPHRASE_COMMAND = 'pass show oai-tui'; oai-tui profiles list"),
    "unavailable": "$env:OAI_TUI_STORE = 'file'",
}
"""The same commands for PowerShell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateWords:
    """A state of the keyring in words: a clause for the command line, a sentence for a screen."""

    clause: str
    sentence: str


KEYRING_STATES = {
    "locked": StateWords(
        clause="the keyring is locked",
        sentence=(
            "The keyring is locked, so saved profiles can't be read. You can still check keys "
            "from other places."
        ),
    ),
    "unavailable": StateWords(
        clause="this machine has no usable keyring",
        sentence="No keyring is available on this machine, so there are no saved profiles.",
    ),
    "slow": StateWords(
        clause="the keyring did not answer in time",
        sentence="The keyring did not answer in time. You can still check keys from other places.",
    ),
    "refused": StateWords(
        clause="the keyring refused access",
        sentence="The keyring refused to be read. Allow access in its dialog, then try again.",
    ),
    "insecure": StateWords(
        clause="the selected keyring backend stores keys as plain text, so it is not used",
        sentence="The keyring backend stores keys as plain text, so it is not used.",
    ),
    "differs": StateWords(
        clause="the keyring returned something other than what was stored",
        sentence="The keyring returned something other than what was stored.",
    ),
}
"""The states are those of `KeyringError`."""
FILE_MESSAGES = {
    "locked": "The encrypted file needs its passphrase.",
    "differs": "The encrypted file is damaged or was changed.",
    "slow": "Another program has been writing the encrypted file for too long.",
    "refused": "The encrypted file can't be read or written.",
    "memory": "There is not enough memory to open the encrypted file.",
    "unavailable": "OAI_TUI_STORE has an invalid value.",
}
"""Each state of the encrypted file as a sentence."""


def state_clause(state: str) -> str:
    """Return the state of the keyring as a clause, for a line of the command line."""
    return KEYRING_STATES[state].clause if state in KEYRING_STATES else "the keyring failed"


def state_sentence(state: str, *, file: bool = False) -> str:
    """Return the state of the keyring, or of the encrypted file, as a sentence for a screen."""
    if file:
        return FILE_MESSAGES.get(state, "The keyring failed.")
    return KEYRING_STATES[state].sentence if state in KEYRING_STATES else "The keyring failed."


def next_step(
    state: str,
    machine: Machine,
    *,
    backend_named: bool = False,
    file: Path | None = None,
    bad_setting: bool = False,
    keyring_program: str = "keyring",
) -> KeyringStep:
    """Return the next step for a keyring in `state` on `machine`.

    `backend_named`: PYTHON_KEYRING_BACKEND is set. `file`: the encrypted file, if profiles are in
    it. `bad_setting`: OAI_TUI_STORE names no store. `keyring_program`: how keyring's command is
    called here: pipx and uv install it without a place on PATH.
    """
    if bad_setting:
        return _file_step("unavailable", machine, Path())
    if file is not None:
        return _file_step(state, machine, file)
    if backend_named and state in {"unavailable", "insecure"}:
        return UNSET_BACKEND
    matching = (
        step
        for step in NEXT_STEPS
        if step.state == state and (not step.machines or machine in step.machines)
    )
    step = next(matching, NEXT_STEPS[-1])
    return replace(step, command=_KEYRING_PROGRAM.sub(lambda _: keyring_program, step.command))


def _file_step(state: str, machine: Machine, file: Path) -> KeyringStep:
    step = FILE_STEPS.get(state, FILE_STEPS["refused"])
    is_windows = machine == "windows"
    command = _WINDOWS_COMMANDS[step.state] if is_windows else step.command
    path = str(file)
    folder = ntpath.dirname(path) if is_windows else str(file.parent)
    paths = {"file": path, "folder": folder, "damaged": f"{path}.damaged"}
    for name, value in paths.items():
        quoted = "'" + value.replace("'", "''") + "'" if is_windows else quote(value)
        command = command.replace(f"{{{name}}}", quoted)
    return replace(step, command=command)
