"""Why a URL is held or is not: its whole life, told from what was kept."""
