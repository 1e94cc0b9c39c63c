"""The pages of editions: those for everybody, and the office of those who release them."""
