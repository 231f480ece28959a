"""Rules of communities: grids, staff, volunteers, decisions of owners."""
