"""The one place that wires everything: settings, registries, command line."""
