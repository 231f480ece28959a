"""Why a figure moved: in words an official can read out, in tables, and as a waterfall."""
