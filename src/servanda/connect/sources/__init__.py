"""One source a file; each names its CONNECTOR."""
