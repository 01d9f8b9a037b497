"""The edges: platforms, delivery, clock and command line."""
