"""The subcommands, one module each with a click command named `command`.

They call the services and print reports; they decide nothing about causes.
"""
