"""Something is killed, lost or repeated, and nobody is the worse for it."""
