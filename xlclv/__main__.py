"""Run the command line as `python -m xlclv`."""

from xlclv.hosts.cli import main

main()
