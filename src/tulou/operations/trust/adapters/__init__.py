"""Stores, key files, ciphers and pages of rulebooks."""
