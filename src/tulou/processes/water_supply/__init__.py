"""Water supply: models of EPANET read and run, and the work of the processes of networks, valves and leaks."""
