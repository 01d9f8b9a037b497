"""The edges: settings, logs, the command line, starting and stopping."""
