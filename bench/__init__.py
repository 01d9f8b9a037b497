"""Measuring: `make bench` runs every part in bench/parts and writes bench/results.json."""
