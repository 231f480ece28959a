"""Registers: counts, shares, gaps and ratios of what is on record, object by object.

Unknown stays unknown: a row whose flag or amount is missing gives NaN, unless the other inputs already decide it.
"""
