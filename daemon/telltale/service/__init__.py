"""Telltale as a service of one user: started with the session by systemd, launchd or Windows' task scheduler."""
