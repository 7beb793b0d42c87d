"""A short run of the fuzzer on every screen, with one fixed seed."""

import pytest

from tests.tui import fuzz


@pytest.mark.parametrize("screen", fuzz.SCREENS)
async def test_random_input_ends_in_no_crash_and_no_billed_request(
    screen: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    monkeypatch.chdir(folder)
    for name, value in (("BROWSER", "true"), ("HOME", folder), ("XDG_CONFIG_HOME", folder)):
        monkeypatch.setenv(name, str(value))
    assert await fuzz.fuzz(screen, 15, seed=1) == ""
