"""Reports of one city health check: the same content as HTML, Word, Excel and PDF."""
