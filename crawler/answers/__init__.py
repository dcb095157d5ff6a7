"""`kliping extract`: pages read for whoever asks, one or by the million; nothing is kept."""
