"""What is due for single people: when, for whom, and in which words."""
