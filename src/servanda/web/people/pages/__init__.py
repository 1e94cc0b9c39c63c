"""The pages of people: signing in, one's own account, administration, and the trail."""

from servanda.web.people.pages import account, administration, provider, sign_in, trail

ROUTERS = (sign_in.router, provider.router, account.router, administration.router, trail.router)
