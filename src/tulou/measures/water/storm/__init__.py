"""Storms: from a rain record to a storm intensity formula and a design storm."""
