"""Which integrations stand behind the ports: the only module that knows them."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.rosters import schools_open_data
from integrations.video.demonstration import Demonstration
from integrations.video.fixed_link import FixedLink
from integrations.video.jitsi import Jitsi
from intervention.domain.school_data import RosterFile
from intervention.ports import VideoProvider


def video_providers(*, demo: bool = False) -> Mapping[str, VideoProvider]:
    """By the code that an account stores, in the order a form offers them. The demonstration has a room of its own."""
    known: tuple[VideoProvider, ...] = (Jitsi(), FixedLink())
    return {each.code: each for each in ((*known, Demonstration()) if demo else known)}


def read_schools(content: bytes) -> RosterFile:
    """The rows of a file of official school data, whatever its layout."""
    return schools_open_data.read(content)
