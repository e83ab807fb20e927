"""Which integrations stand behind the ports: the only module that knows them."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.video.fixed_link import FixedLink
from integrations.video.jitsi import Jitsi
from intervention.ports import VideoProvider


def video_providers() -> Mapping[str, VideoProvider]:
    """By the code that an account stores, in the order a form offers them."""
    return {each.code: each for each in (Jitsi(), FixedLink())}
