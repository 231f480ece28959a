"""Papers of communities: decisions of owners, grids and their staff, the ledger of issues."""
