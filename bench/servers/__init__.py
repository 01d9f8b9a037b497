"""The processes that are measured and those that measure them; each is started by `bench.processes.Ground`."""
