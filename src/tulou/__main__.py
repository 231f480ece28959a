"""``python -m tulou``."""

from tulou.app.cli import main

main()
