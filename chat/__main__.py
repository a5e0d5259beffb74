"""`python -m chat …`, also installed as `quietroom …`."""

from __future__ import annotations

from chat.cli import main

if __name__ == "__main__":
    main()
