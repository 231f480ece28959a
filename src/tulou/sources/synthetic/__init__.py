"""A generated city for demonstrations, tests and benchmarks: everything in it is synthetic and says so."""
