"""What an organisation reads and does about itself: due, had, missed, confirmed, disputed."""
