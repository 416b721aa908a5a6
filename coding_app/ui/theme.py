"""The one look of the app, light and dark, and Streamlit's options that go with it."""

# Colour-blind safe (Okabe and Ito, lightened for the dark theme); the first is the first observer everywhere.
_LIGHT_SERIES = ["#1f6f78", "#b5651d", "#6b5b95", "#3b7a3b", "#a63d57", "#5f6b73"]
_DARK_SERIES = ["#6fc3c4", "#e0a066", "#b3a5dd", "#8cc48a", "#e58aa0", "#a9b5bc"]

_LIGHT = {
    "primaryColor": "#1f6f78",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f2f5f5",
    "textColor": "#1d2b2e",
    "borderColor": "#d9e0e0",
    "linkColor": "#1f6f78",
    "blueColor": "#1f6f78",
    "blueBackgroundColor": "#edf4f4",
    "blueTextColor": "#1b5c64",
    "grayTextColor": "#5c6b6f",
    "codeTextColor": "#1d2b2e",
    "chartCategoricalColors": _LIGHT_SERIES,
    "sidebar.backgroundColor": "#f6f8f8",
    "sidebar.secondaryBackgroundColor": "#e9eeee",
    "sidebar.borderColor": "#d9e0e0",
}
_DARK = {
    "primaryColor": "#58b0b2",
    "backgroundColor": "#14191b",
    "secondaryBackgroundColor": "#1e2629",
    "textColor": "#e3eaea",
    "borderColor": "#344044",
    "linkColor": "#7cc9ca",
    "blueColor": "#58b0b2",
    "blueBackgroundColor": "#18282b",
    "blueTextColor": "#8fd0d1",
    "grayTextColor": "#9fb0b4",
    "codeTextColor": "#e3eaea",
    "chartCategoricalColors": _DARK_SERIES,
    "sidebar.backgroundColor": "#101516",
    "sidebar.secondaryBackgroundColor": "#1e2629",
    "sidebar.borderColor": "#344044",
}

STREAMLIT_OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "logger.hideWelcomeMessage": True,
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "server.fileWatcherType": "none",
    "server.enableStaticServing": False,
    "theme.baseRadius": "0.4rem",
    "theme.baseFontSize": 15,
    "theme.headingFontSizes": ["1.75rem", "1.25rem", "1.05rem", "1rem", "1rem", "1rem"],
    "theme.headingFontWeights": [600, 600, 600, 600, 600, 600],
    "theme.showWidgetBorder": True,
    "theme.showSidebarBorder": True,
    "theme.linkUnderline": False,
    **{f"theme.light.{name}": value for name, value in _LIGHT.items()},
    **{f"theme.dark.{name}": value for name, value in _DARK.items()},
}

# For the pages that stand before Streamlit, as CSS variables.
PLAIN_COLOURS = {
    name: {
        "ground": theme["backgroundColor"],
        "card": theme["secondaryBackgroundColor"],
        "text": theme["textColor"],
        "quiet": theme["grayTextColor"],
        "line": theme["borderColor"],
        "accent": theme["primaryColor"],
        "on-accent": theme["backgroundColor"],
        "error": theme["chartCategoricalColors"][4],
    }
    for name, theme in (("light", _LIGHT), ("dark", _DARK))
}
