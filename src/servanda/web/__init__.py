"""The web application: shows what the library says, at addresses that can be linked to.

No logic lives here.  A page is a pure function from a result of the library to what the template
shows, and a thin route.  It needs the extra `web`; nothing here is imported by the library.
"""
