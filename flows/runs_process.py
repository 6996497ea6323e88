"""The process of the scheduled runs (`python -m flows.runs_process`): Django is set up before anything imports its tables."""

from __future__ import annotations

import sys

from store.boot import boot

if __name__ == "__main__":
    boot()
    from flows.runs import main

    sys.exit(main(sys.argv[1:]))
