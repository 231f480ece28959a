"""The life of buildings: due dates and movement; what runs the processes of that name."""
