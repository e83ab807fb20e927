"""Scheduling for intervention en réseau."""

import zoneinfo

# One edition of the zone rules, the one that the lock pins, whatever this machine or the environment carries: a feed, a
# reservation and a page must mean the same instant. This runs before any module of the package can ask for a zone.
zoneinfo.reset_tzpath(to=())
