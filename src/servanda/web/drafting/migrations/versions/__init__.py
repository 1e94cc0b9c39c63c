"""One file for each step, up and down."""
