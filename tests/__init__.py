"""The tests. Hashing a password takes a moment in earnest; this is said before anything of chat is imported."""

import os

os.environ.setdefault("QUIETROOM_TEST_HASHING", "1")
