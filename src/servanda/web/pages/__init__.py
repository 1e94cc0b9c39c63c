"""The pages: each a pure function from a result of the library to what is shown, and a route."""
