"""The messaging platforms, one folder each; a platform is found by its folder and fails loudly at start."""
