"""What the tests stand on: databases, a browser, and the word for what this machine cannot run."""
