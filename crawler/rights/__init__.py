"""What outlets state of rights, read from robots.txt, other files, heads and pages; pure."""
