"""Transit: how long people wait for what the timetable offers."""
