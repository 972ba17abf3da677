"""The trade in plain Python: values in, values out. No Django, no clock, no database."""
