"""Loops of sound propagation over whole arrays, compiled."""
