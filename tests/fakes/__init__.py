"""Platforms that are not there: real HTTP servers on this machine that behave as the platforms' pages say."""
