"""Papers: what is published beside the report of a check (why a figure moved, a plan, the tracker), in four formats."""
