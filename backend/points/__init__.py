"""The points room: neighbourhood points, where elders of a village meet, eat, measure and learn."""
