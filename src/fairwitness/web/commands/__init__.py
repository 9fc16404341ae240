"""The command line, one module a command: what a person types becomes one call of a room."""
