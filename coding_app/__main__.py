"""`python -m coding_app` is `coding-app`."""

from coding_app.cli import main

main()
