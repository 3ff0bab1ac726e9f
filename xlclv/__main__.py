"""Run the command line as `python -m xlclv`."""

from xlclv.hosts.shell.cli import main

main()
