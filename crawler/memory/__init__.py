"""What the pages of one outlet have in common, learned from them; pure."""
