"""Pictures of captured pages: the system's Chromium, fed from the archive and from nowhere else."""
