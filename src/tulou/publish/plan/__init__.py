"""A plan for publication: remedies, project library, schedule, and the next check beside today's."""
