"""Pictures drawn on the server as SVG: everything in them is escaped, in the tokens of the page."""
