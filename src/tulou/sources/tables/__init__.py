"""Tables: CSV and Excel, as offices send them, with a mapping file or as a filled import template."""
