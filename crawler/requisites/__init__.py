"""What a page needs to look right: its images, style sheets, fonts and icons, found; pure."""
