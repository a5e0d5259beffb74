"""PDFs: data in, bytes out. `Printer` has them made in a process of its own; `paper` holds what every document shares."""

from chat.printing.pool import Printer, PrintFailed

__all__ = ["PrintFailed", "Printer"]
