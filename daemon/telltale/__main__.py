"""`python -m telltale`: the command, where no script of it is on the path."""

from .cli import main

main(prog_name="telltale")
