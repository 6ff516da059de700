"""Facts the app ships."""
