"""The colours of charts: token classes on screen, fixed light values in print.

Only ``text-subtle`` and stronger are used for marks: they keep 4.5:1 on every background, light and dark;
``base-default`` does not.
"""

FILLS = {
    "accent": "#2e637b",
    "success": "#056d13",
    "warning": "#80540f",
    "danger": "#b81a1a",
    "info": "#0860a3",
    "neutral": "#5b5d60",
    "brand1": "#0b6a53",
    "brand2": "#8c4e0c",
}
SERIES = ("accent", "warning", "success", "neutral", "danger", "brand1", "info", "brand2")
INK, MUTED, AXIS, PAPER = "#292c30", "#5b5d60", "#bbbcbd", "#ffffff"
