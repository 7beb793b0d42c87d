"""The encrypted file: offered where the keyring fails, and its passphrase, which is never shown."""

import pytest
from textual.pilot import Pilot

from oai_tui.domain.keys.secret import Secret
from oai_tui.domain.ports import Answer
from oai_tui.domain.target import Origin
from oai_tui.tui.widgets.action_bar import ActionBar
from tests.tui.fake_services import FakeServices, wizard
from tests.tui.fakes import NOW, OTHER_KEY, PASSPHRASE, FakeFile, FakeVault, credential, profile
from tests.tui.pilot_steps import press, settle
from tests.tui.screen_text import screen_words


def without_keyring(state: str = "unavailable", file: FakeFile | None = None) -> FakeServices:
    return FakeServices(
        credential(), vault=FakeVault(profile(), state=state), file=file or FakeFile()
    )


def healthy_without_keyring() -> FakeServices:
    services = FakeServices(
        credential(), mode="demo", vault=FakeVault(state="unavailable"), file=FakeFile()
    )
    services.demo_fix_outside()
    return services


async def enter(pilot: Pilot[None], text: str) -> None:
    """Type a passphrase and press enter."""
    await press(pilot, *("space" if each == " " else each for each in text), "enter")


@pytest.mark.parametrize(
    "state", ["unavailable", "locked", "slow", "refused", "insecure", "differs"]
)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_keyring_that_fails_shows_the_next_step_and_the_file(
    state: str, size: tuple[int, int]
) -> None:
    services = without_keyring(state)
    app = wizard(services)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert services.profiles.next_step(state).command not in screen_words(app)
        await press(pilot, "i")
        assert services.profiles.next_step(state).command.split()[0] in screen_words(app)
        assert "use_file" in [action.id for action in app.screen.query_one(ActionBar).actions]


async def test_the_profiles_screen_offers_the_file_too() -> None:
    app = wizard(without_keyring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "p", "enter")
        assert type(app.screen).__name__ == "PassphraseScreen"
        await enter(pilot, PASSPHRASE)
        await enter(pilot, PASSPHRASE)
        await settle(pilot)
        assert "Profile work" in screen_words(app)


async def test_a_keyring_that_works_offers_no_file() -> None:
    app = wizard(FakeServices(credential(), file=FakeFile()))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "use_file" not in [action.id for action in app.screen.query_one(ActionBar).actions]


async def test_a_new_passphrase_is_typed_twice_and_then_profiles_are_read() -> None:
    services = without_keyring()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "f")
        assert "Save profiles in an encrypted file?" in screen_words(app)
        await enter(pilot, PASSPHRASE)
        assert services.profiles.passphrases == []
        assert "same passphrase again" in screen_words(app)
        await enter(pilot, PASSPHRASE)
        await settle(pilot)
        assert services.profiles.passphrases == [Secret(PASSPHRASE)]
        assert "keyring work" in screen_words(app)
        assert PASSPHRASE not in app.export_screenshot()


@pytest.mark.parametrize(
    ("first", "second", "warning"),
    [
        ("short", "", "at least 8 characters"),
        (PASSPHRASE, "correct house", "The two passphrases don't match"),
    ],
)
async def test_a_new_passphrase_that_will_not_do(first: str, second: str, warning: str) -> None:
    services = without_keyring()
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f")
        await enter(pilot, first)
        if second:
            await enter(pilot, second)
        assert warning in screen_words(app)
        assert services.profiles.passphrases == []


async def test_a_file_that_is_there_is_unlocked_and_a_wrong_passphrase_can_be_typed_again() -> None:
    services = without_keyring("locked", FakeFile(exists=True, is_used=True))
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "The encrypted file needs its passphrase" in screen_words(app)
        await press(pilot, "f")
        await enter(pilot, "wrong horse")
        await settle(pilot)
        assert "Wrong passphrase for ~/profiles.enc." in screen_words(app)
        await enter(pilot, PASSPHRASE)
        await settle(pilot)
        assert services.profiles.passphrases == [Secret(PASSPHRASE)]


async def test_escape_changes_nothing() -> None:
    services = without_keyring()
    app = wizard(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "f", "escape")
        await settle(pilot)
        assert (
            services.profiles.passphrases,
            services.profiles.uses_file,
        ) == (
            [],
            False,
        )


async def test_saving_without_a_keyring_offers_the_file_first() -> None:
    services = healthy_without_keyring()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "y", "n", *"staging", "enter")
        assert "Save profiles in an encrypted file?" in screen_words(app)
        assert services.answers[-1].option == "yes"
        await enter(pilot, PASSPHRASE)
        await enter(pilot, PASSPHRASE)
        await settle(pilot)
        assert services.answers[-1] == Answer(option="save", text="staging")
        assert "keyring get" not in screen_words(app)


async def test_saving_without_a_keyring_and_without_the_file_changes_nothing() -> None:
    services = healthy_without_keyring()
    app = wizard(services)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "y", "n", *"staging", "enter", "escape", "escape")
        await settle(pilot)
        assert "Everything works" in screen_words(app)
        assert (services.profiles.passphrases, services.answers[-1].option) == ([], "yes")


async def test_a_key_of_a_startup_file_is_distinct_from_the_one_in_force() -> None:
    active = credential()
    inactive = credential(
        OTHER_KEY,
        Origin(kind="startup", name="OPENAI_API_KEY", place="~/.zshrc:12"),
        shadowed_by=active.origin,
        changed_at=NOW.timestamp() - 5 * 86400,
    )
    app = wizard(FakeServices(active, inactive=(inactive,)))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        text = screen_words(app)
        for part in (
            "~/.zshrc:12",
            "…dddd",
            "different key: environment takes precedence",
            "file changed 5 days ago",
        ):
            assert part in text


async def test_other_programs_are_read_when_asked_and_not_before() -> None:
    app = wizard(FakeServices(credential()))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "codex" not in screen_words(app)
        await press(pilot, "o")
        await settle(pilot)
        assert "used by codex" in screen_words(app)


async def test_where_a_variable_was_set_is_shown() -> None:
    app = wizard(
        FakeServices(
            credential(
                origin=Origin(kind="environment", name="OPENAI_API_KEY", set_at="~/.zshrc:12")
            )
        )
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "set in ~/.zshrc:12" in screen_words(app)
