"""The instrument for the table "Speed and size": a load generator, a bare reference, and scenarios for both."""
