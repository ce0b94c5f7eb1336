"""Regular expressions from examples."""
