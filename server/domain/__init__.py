"""Pure rules: values in, values out; no clock, no row, no network."""
