"""The subcommands, one module each with a click command named `command`. They ask the services and print reports; they reason about nothing."""
