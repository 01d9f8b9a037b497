"""The console, tried through HTTP as a browser would."""
