"""The questions: they read one snapshot and never write."""
