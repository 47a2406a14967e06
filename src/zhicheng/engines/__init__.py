"""One job each: values in, values out, no framework."""
