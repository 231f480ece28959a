"""What leaves the house: reports, exports, catalogue pages."""
