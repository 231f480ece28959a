"""Maps and charts as plain SVG, for web pages and for print."""
