"""The documentation as a site: Markdown pages of both languages, bound into pages a browser opens without a network."""
