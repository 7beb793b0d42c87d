"""Screens that close themselves once, and only while they are on top.

Textual's `dismiss` closes whatever screen is on top. A key that arrives while another key closes or
covers its screen would close a second screen, or answer the same question twice.
"""

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, OptionList

Result = TypeVar("Result")


class ClosableScreen(Screen[Result], Generic[Result]):
    """A screen whose `dismiss` does nothing unless it is on top."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close this screen with a result."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class ClosableDialog(ModalScreen[Result], Generic[Result]):
    """The same for a dialog."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close this dialog with a result."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class ClosablePalette(CommandPalette):
    """The same for the list of commands, which runs the chosen command once."""

    def check_message_enabled(self, message: Message) -> bool:
        """Ignore another choice after the palette was closed."""
        is_choice = isinstance(message, (OptionList.OptionSelected, Input.Submitted))
        return super().check_message_enabled(message) and (self.is_active or not is_choice)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close the palette."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
