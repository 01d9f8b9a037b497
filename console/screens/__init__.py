"""The screens of the console: one file each, found at start (console/routes.py)."""
