"""Every page and every mail as a picture, to be looked at."""
