"""The risk spectrum and scenario cards: what runs the processes of that name."""
