"""`python -m chat …`, also installed as `quietroom …`."""

from __future__ import annotations

import gc

gc.disable()  # of what is read at the start nothing is garbage, and looking for it would take a tenth of the start

from chat.lib.sqlite import count_no_memory  # noqa: E402  as above

count_no_memory()

from chat.cli import main  # noqa: E402  as above

gc.enable()

if __name__ == "__main__":
    main()
