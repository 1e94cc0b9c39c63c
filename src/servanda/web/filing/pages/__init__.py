"""The pages on which records and papers are filed; a demo has none of them."""

from servanda.web.filing.pages import complaint, file, paper

ROUTERS = (file.router, complaint.router, paper.router)
