"""What is due: the spiders that lease, fetch and settle."""
