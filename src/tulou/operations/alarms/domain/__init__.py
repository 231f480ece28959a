"""What an alarm is and when it is raised, without files, networks or clocks."""
