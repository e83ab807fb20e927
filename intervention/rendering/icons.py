"""Line icons drawn for this product, 20 units square. Decorative: the words beside them say it all.

An icon alone needs an aria-label on its button. Modality keeps its shape everywhere: ring remote, pin in person.
"""

from __future__ import annotations

from markupsafe import Markup

_DRAWN = (
    '<svg width="{0}" height="{0}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" '
    'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{1}</svg>'
)

SHAPES = {
    "mark": (
        '<circle cx="4.5" cy="13.5" r="2.5" fill="currentColor" stroke="none"/><circle cx="15.5" cy="6.5" '
        'r="2.5" stroke-dasharray="2.4 1.6"/><path d="M7 12.4c3-.6 2.4-4 5.6-5"/>'
    ),
    "today": '<path d="M10 3v2M4.4 5.4l1.3 1.3M15.6 5.4l-1.3 1.3M2.5 15.5h15M5.5 15.5a4.5 4.5 0 0 1 9 0"/>',
    "agenda": (
        '<rect x="3" y="4" width="14" height="13" rx="2"/><path d="M3 8.5h14M7 2.5v3M13 2.5v3M7.7 8.5V17M12.3 8.5V17"/>'
    ),
    "requests": (
        '<path d="M3 11h4l1.3 2.2h3.4L13 11h4"/><path d="M4.6 4.5h10.8L17 11v4.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V11z"/>'
    ),
    "pupils": (
        '<circle cx="7.5" cy="6.5" r="2.8"/><path d="M2.3 16.5a5.2 5.2 0 0 1 10.4 0M13 4.2a2.6 2.6 0 0 1 0 '
        '4.9M14.8 11.9a4.6 4.6 0 0 1 2.9 4.4"/>'
    ),
    "reports": '<path d="M3 17h14M5.5 14v-3.5M10 14V5M14.5 14V8.5"/>',
    "feeds": '<path d="M4 16h.01M4 10.5a5.5 5.5 0 0 1 5.5 5.5M4 5a11 11 0 0 1 11 11"/>',
    "schools": '<path d="M3 17V9l7-5 7 5v8zM8 17v-4.5h4V17M10 4V2"/>',
    "admin": '<path d="M3 6h6M13 6h4M3 14h4M11 14h6"/><circle cx="11" cy="6" r="2"/><circle cx="9" cy="14" r="2"/>',
    "search": '<circle cx="9" cy="9" r="5.2"/><path d="m13 13 4 4"/>',
    "me": '<circle cx="10" cy="7" r="3.2"/><path d="M3.8 17a6.2 6.2 0 0 1 12.4 0"/>',
    "remote": '<circle cx="10" cy="10" r="6" stroke-dasharray="4.1 2.183" stroke-width="2.6" stroke-linecap="butt"/>',
    "in_person": (
        '<path d="M10 17.5s5.5-4.9 5.5-9.2a5.5 5.5 0 0 0-11 0c0 4.3 5.5 9.2 5.5 9.2z" fill="currentColor"/>'
        '<circle cx="10" cy="8.2" r="1.9" fill="var(--raised)" stroke="none"/>'
    ),
    "road": '<path d="M6.5 3 3.5 17M13.5 3l3 14M10 3.5v2.2M10 8.8V11M10 14.2v2.3"/>',
    "lock": '<rect x="4" y="9" width="12" height="8" rx="1.5"/><path d="M6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9"/>',
    "more": '<path d="M3.5 5.5h13M3.5 10h13M3.5 14.5h13"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "cross": '<path d="m5 5 10 10M15 5 5 15"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.7 1.8"/>',
    "phone": (
        '<path d="M4 3.5h3l1.4 3.7-1.9 1.4a9 9 0 0 0 4.9 4.9l1.4-1.9 3.7 1.4v3a1.5 1.5 0 0 1-1.6 1.5A13 13 0 '
        '0 1 2.5 5.1 1.5 1.5 0 0 1 4 3.5z"/>'
    ),
    "door": '<path d="M5 17V4.2L12 3v14M3 17h14M15 17V5h-3M9.5 10.2v.01"/>',
    "copy": (
        '<rect x="7" y="7" width="10" height="10" rx="1.5"/><path d="M4.5 13H4a1 1 0 0 1-1-1V4a1 1 0 0 1 '
        '1-1h8a1 1 0 0 1 1 1v.5"/>'
    ),
    "undo": '<path d="M7 4 3.5 7.5 7 11M3.5 7.5h8a4.5 4.5 0 0 1 0 9H8"/>',
    "print": (
        '<path d="M6 7V3h8v4M6 14H4.5A1.5 1.5 0 0 1 3 12.5v-4A1.5 1.5 0 0 1 4.5 7h11A1.5 1.5 0 0 1 17 '
        '8.5v4a1.5 1.5 0 0 1-1.5 1.5H14M6 12h8v5H6z"/>'
    ),
    "next": '<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>',
    "previous": '<path d="M12.5 4.5 7 10l5.5 5.5"/>',
    "alert": '<path d="M10 3 2.5 16.5h15zM10 8v4M10 14.2v.01"/>',
    "info": '<circle cx="10" cy="10" r="7"/><path d="M10 9.2V14M10 6.4v.01"/>',
    "keyboard": (
        '<rect x="2" y="5" width="16" height="10" rx="1.5"/><path d="M5 8.2h.01M8.3 8.2h.01M11.7 8.2h.01M15 '
        '8.2h.01M6.5 12h7"/>'
    ),
    "download": '<path d="M10 3v9M6.3 8.7 10 12.4l3.7-3.7M4 16.5h12"/>',
    "people": (
        '<circle cx="6.5" cy="7" r="2.3"/><circle cx="13.5" cy="7" r="2.3"/><path d="M2.3 15.5a4.2 4.2 0 0 1 '
        '8.4 0M10.9 12.7a4.2 4.2 0 0 1 6.8 2.8"/>'
    ),
    "ready": '<circle cx="10" cy="10" r="5" fill="currentColor"/>',
    "half": '<circle cx="10" cy="10" r="5"/><path d="M10 5a5 5 0 0 1 0 10z" fill="currentColor" stroke="none"/>',
    "not_ready": '<circle cx="10" cy="10" r="5"/>',
}


def icon(name: str, size: int = 20) -> Markup:
    """The icon as inline SVG; an unknown name is a defect of the page that asks."""
    return Markup(_DRAWN.format(size, SHAPES[name]))  # noqa: S704 - shapes are ours, size a number
