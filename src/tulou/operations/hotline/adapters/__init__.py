"""Files of the hotline: rules, records, what was learnt; and the library that learns."""
