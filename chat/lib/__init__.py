"""Tools that know nothing of chat."""
