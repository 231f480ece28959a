"""Storms: the work behind the processes on storm formulas and design storms."""
