"""Gas safety: sets of devices in households, gas in closed spaces."""
