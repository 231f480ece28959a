"""Lifelines: the register, coupled dangers, coupling of systems and spread supply; the work of their processes."""
