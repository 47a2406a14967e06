"""Settings, root urls, wsgi and the API root."""
