"""The verbs: the only code that writes. Ordinary functions of a transaction and what is asked."""
