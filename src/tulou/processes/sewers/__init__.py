"""Collection of sewage and other water in the sewers: what is assumed, and the work of its process."""
