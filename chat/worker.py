"""Composition of the worker: settings → jobs."""
