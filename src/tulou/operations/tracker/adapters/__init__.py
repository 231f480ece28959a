"""Files of the tracker: rulebook pages, a city's own page, the journal of events, evidence."""
