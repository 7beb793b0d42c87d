"""The exception that ends a command with lines on stderr and an exit code of the contract."""

import click


class CommandError(click.ClickException):
    """The command cannot continue. `show` prints the lines on stderr."""

    def __init__(self, lines: tuple[str, ...], exit_code: int) -> None:
        super().__init__(lines[0] if lines else "")
        self.lines = lines
        self.exit_code = exit_code  # type: ignore[misc]  # click declares it on the class

    def show(self, file: object = None) -> None:
        """Print each line on stderr, redacted."""
        from oai_tui.headless.console import print_note

        for line in self.lines:
            print_note(line)

    def report(self) -> int:
        """Print the lines and return the exit code."""
        self.show()
        return self.exit_code
