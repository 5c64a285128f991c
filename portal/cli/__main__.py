"""`python -m portal.cli`: the same command, where its script is not on the path."""

from portal.cli.main import main

main()
